/// The fields Crossfade acts on, told apart from the bytes of their names without making a string.

/// A family (`x-stainless-*`) shares one case unless a member of it has its own.
package enum KnownField: UInt8, Sendable, Hashable, CaseIterable {
  case other
  // Framing and connection.
  case host, contentLength, transferEncoding, connection, keepAlive, proxyConnection, te, trailer, upgrade, expect
  // Credentials.
  case authorization, proxyAuthenticate, proxyAuthorization, xAPIKey, apiKey, googAPIKey, cookie, setCookie
  // Content.
  case contentType, contentEncoding, accept, acceptEncoding, retryAfter, retryAfterMilliseconds, date, server, userAgent
  // Attribution: who the application says it is.
  case httpReferer, referer, origin, xTitle, openRouterAttribution
  // Vendors and SDKs.
  case crossfade, forwarded, stainless, stainlessRetryCount, sessionID, liteLLMCost, edenAICost, generationID
  case anthropicVersion, anthropicBeta, openAIBeta
  // Names with an underscore where one of the above has a hyphen: CGI and WSGI servers take the two for one.
  case disguisedFraming, disguisedCredential

  /// The field that the name in `range` belongs to, decided by length and a comparison that ignores ASCII case.
  @inline(__always)
  package init(name range: Range<Int>, in bytes: RawSpan) {
    self = Self.recognise(range, in: bytes)
  }

  private static func recognise(_ range: Range<Int>, in bytes: RawSpan) -> KnownField {
    guard let name = NameWords(range, in: bytes) else { return .other }
    let field = recognise(name)
    guard field == .other, name.hasUnderscore else { return field }
    return disguised(recognise(name.hyphenated))
  }

  @inline(__always)
  private static func recognise(_ name: NameWords) -> KnownField {
    switch name.count {
    case 2...9: short(name)
    case 10...13: medium(name)
    default: long(name)
    }
  }

  private static func disguised(_ field: KnownField) -> KnownField {
    switch field {
    case .contentLength, .transferEncoding, .keepAlive, .proxyConnection, .crossfade: .disguisedFraming
    case .xAPIKey, .apiKey, .googAPIKey, .proxyAuthorization: .disguisedCredential
    default: .other
    }
  }

  @inline(__always)
  private static func short(_ name: NameWords) -> KnownField {
    switch name.count {
    case 2: return name.reads("te") ? .te : .other
    case 4: return name.reads("host") ? .host : name.reads("date") ? .date : .other
    case 6:
      if name.reads("accept") { return .accept }
      if name.reads("expect") { return .expect }
      if name.reads("cookie") { return .cookie }
      if name.reads("origin") { return .origin }
      return name.reads("server") ? .server : .other
    case 7:
      if name.reads("api-key") { return .apiKey }
      if name.reads("referer") { return .referer }
      if name.reads("x-title") { return .xTitle }
      if name.reads("upgrade") { return .upgrade }
      return name.reads("trailer") ? .trailer : .other
    case 9:
      if name.reads("x-api-key") { return .xAPIKey }
      return name.reads("forwarded") ? .forwarded : .other
    default: return .other
    }
  }

  @inline(__always)
  private static func medium(_ name: NameWords) -> KnownField {
    switch name.count {
    case 10:
      if name.reads("connection") { return .connection }
      if name.reads("user-agent") { return .userAgent }
      if name.reads("keep-alive") { return .keepAlive }
      if name.reads("set-cookie") { return .setCookie }
    case 11:
      if name.reads("retry-after") { return .retryAfter }
      if name.reads("openai-beta") { return .openAIBeta }
    case 12:
      if name.reads("content-type") { return .contentType }
      if name.reads("http-referer") { return .httpReferer }
      if name.reads("x-session-id") { return .sessionID }
    default:
      if name.reads("authorization") { return .authorization }
      if name.reads("x-edenai-cost") { return .edenAICost }
    }
    return family(name)
  }

  @inline(__always)
  private static func long(_ name: NameWords) -> KnownField {
    switch name.count {
    case 14:
      if name.reads("content-length") { return .contentLength }
      if name.reads("retry-after-ms") { return .retryAfterMilliseconds }
      if name.reads("x-goog-api-key") { return .googAPIKey }
      if name.reads("anthropic-beta") { return .anthropicBeta }
    case 15:
      if name.reads("accept-encoding") { return .acceptEncoding }
      if name.reads("x-generation-id") { return .generationID }
    case 16:
      if name.reads("content-encoding") { return .contentEncoding }
      if name.reads("proxy-connection") { return .proxyConnection }
    case 17:
      if name.reads("transfer-encoding") { return .transferEncoding }
      if name.reads("anthropic-version") { return .anthropicVersion }
    case 18:
      if name.reads("proxy-authenticate") { return .proxyAuthenticate }
    case 19:
      if name.reads("proxy-authorization") { return .proxyAuthorization }
    case 23:
      if name.reads("x-stainless-retry-count") { return .stainlessRetryCount }
      if name.reads("x-litellm-response-cost") { return .liteLLMCost }
    default: break
    }
    return family(name)
  }

  @inline(__always)
  private static func family(_ name: NameWords) -> KnownField {
    if name.begins("x-stainless-") { return .stainless }
    if name.begins("x-forwarded-") { return .forwarded }
    if name.begins("x-crossfade-") { return .crossfade }
    return name.begins("x-openrouter-") ? .openRouterAttribution : .other
  }
}
