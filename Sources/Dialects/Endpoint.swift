/// Names the five endpoints whose requests and answers Crossfade reads; everything else is only passed on.

/// An inference endpoint, by the part of its path after `/v1/`.
package enum Endpoint: String, Sendable, Codable, CaseIterable {
  case chatCompletions = "chat/completions"
  case completions
  case responses
  case messages
  case embeddings

  /// - Parameter pathAfterVersion: the path after `/v1/`, as sent, with or without a query. Exact, but for one slash at
  ///   its end.
  package init?(pathAfterVersion: some StringProtocol) {
    var path = String(pathAfterVersion.prefix { $0 != "?" && $0 != "#" })
    if path.last == "/" { path.removeLast() }
    self.init(rawValue: path)
  }

  /// - Parameter pathAfterVersion: the same as bytes.
  package init?(pathAfterVersion path: RawSpan) {
    guard path.byteCount <= 2048 else { return nil }
    self.init(pathAfterVersion: path.string(0..<path.byteCount))
  }
}
