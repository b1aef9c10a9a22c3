/// Whether a playbook can be read whose keys are not in the environment: to look at one no secret is needed, to send is.

/// The treatment of variables that are not set where a secret stands.
package enum UnsetSecrets: Sendable {
  /// Errors, as everywhere: something will be sent.
  case refused
  /// Warnings: the playbook is only looked at, and its secrets are never sent.
  case warned

  /// - Returns: whether what stands at a path is a secret: a key, a header's value, a proxy, the address of who is told.
  static func stands(at path: String) -> Bool {
    let names = path.split { $0 == "." || $0 == "[" }.map { $0.filter { $0 != "\"" && $0 != "]" } }
    guard let first = names.first, let last = names.last else { return false }
    return first == "on_decision" || ["key", "proxy"].contains(last) || names.dropLast().contains("headers")
  }

  /// The stand-in for a secret, which must be usable as one; nil where a value of its form cannot be made up.
  static func standIn(for name: String, at path: String) -> String? {
    path.hasPrefix("on_decision") || path.hasSuffix(".proxy") ? nil : name
  }
}
