/// Tells names of fields that hold secrets, or that name persons and the caller's own books: no arm on trial has any
/// business with them.

/// The words of a name tell, whoever invented it.
package enum PrivateName {
  /// Members that every dialect names: the application's user, session and bookkeeping.
  static let known: [RequestName] = [.user, .metadata, .safetyIdentifier, .sessionID]

  /// The names that are not sent to a candidate although its vendor may know them.
  package static let members = known.map(\.rawValue) + ["trace"]

  /// Whether what it holds lets somebody in.
  package static func isCredential(_ name: String) -> Bool {
    !harmless.contains(name.lowercased()) && isCredential(words(of: name))
  }

  /// Whether it holds a credential, names a person, or tells a gateway of the caller's what to do. What requests are made
  /// of (`RequestName`) is not asked about here.
  package static func isPrivate(_ name: String) -> Bool {
    let words = words(of: name)
    return !harmless.contains(name.lowercased()) && isCredential(words) || words.contains(where: persons.contains)
      || gatewayOptions.contains(name)
  }

  private static func isCredential(_ words: [String]) -> Bool {
    // However its capitals cut it: `DPoP`.
    if secrets.contains(words.joined()) { return true }
    for (index, word) in words.enumerated() {
      if secrets.contains(word) || fragments.contains(where: word.contains) { return true }
      // Not `max_tokens`, `stop_token_ids` and the like, which are about the model's.
      if word == "token", index + 1 == words.count || !ofModels.contains(words[index + 1]) { return true }
    }
    return false
  }

  private static let secrets: Set<String> = [
    "key", "keys", "secret", "secrets", "pwd", "auth", "oauth", "authentication", "bearer", "jwt", "dpop", "cookie",
    "cookies", "signature", "assertion",
  ]
  private static let fragments = [
    "apikey", "authtoken", "accesstoken", "secretkey", "passw", "passphrase", "credential", "authoriz",
  ]
  /// Keys that open nothing.
  private static let harmless: Set<String> = ["prompt_cache_key", "cache_key", "idempotency_key", "idempotency-key"]
  private static let ofModels: Set<String> = ["id", "ids", "limit", "budget", "count", "bias"]

  private static let persons: Set<String> = [
    "user", "users", "userid", "username", "useremail", "customer", "email", "emails", "mail", "phone", "session",
    "sessionid", "trace", "traceid", "account", "accounts", "metadata", "headers", "identity", "identifier", "person",
    "referer", "referrer", "litellm", "organization", "organisation", "tenant", "address",
  ]
  /// The options that LiteLLM's and OpenAI's clients send on to a gateway of the caller's.
  private static let gatewayOptions: Set<String> = [
    "api_base", "base_url", "extra_query", "extra_body", "fallbacks", "context_window_fallbacks",
    "content_policy_fallbacks",
    "default_fallbacks", "router_settings", "model_list", "model_info",
  ]

  /// In small letters: `accessToken`, `access_token` and `Access-Token` have the same two.
  private static func words(of name: String) -> [String] {
    var words: [String] = []
    var word = ""
    var wasSmall = false
    for scalar in name.unicodeScalars {
      let isLetter = scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
      let isCapital = ("A"..."Z").contains(scalar)
      if !isLetter || (isCapital && wasSmall), !word.isEmpty {
        words.append(word)
        word = ""
      }
      if isLetter { word += String(scalar).lowercased() }
      wasSmall = isLetter && !isCapital
    }
    return word.isEmpty ? words : words + [word]
  }
}
