/// Names the endpoints whose requests and answers Crossfade reads; everything else is only passed on.

/// An inference endpoint, by the part of its path after `/v1/`.
package enum Endpoint: String, Sendable, Codable, CaseIterable {
  case chatCompletions = "chat/completions"
  case completions
  case responses
  case messages
  case embeddings
  /// Pictures that are made at once: `images`, as OpenRouter has it, or `images/generations`, as most others do.
  case images
  /// The creation of a video, which is made later: `videos`, `videos/generations` or `video/generations`.
  case videos

  /// - Parameter pathAfterVersion: the path after `/v1/`, as sent, with or without a query. Exact, but for one slash at
  ///   its end.
  package init?(pathAfterVersion path: String) {
    let utf8 = path.utf8
    self.init(pathAfterVersion: utf8.span.bytes)
  }

  /// - Parameter pathAfterVersion: the same as bytes.
  package init?(pathAfterVersion path: RawSpan) {
    guard path.byteCount <= 2048 else { return nil }
    var end = 0
    // One byte past the longest name and its slash is enough to tell that it is none.
    let limit = min(path.byteCount, 20)
    while end < limit, path.byte(at: end) != UInt8(ascii: "?"), path.byte(at: end) != UInt8(ascii: "#") { end &+= 1 }
    if end > 0, path.byte(at: end &- 1) == UInt8(ascii: "/") { end &-= 1 }
    let name = 0..<end
    switch end {
    case 6 where path.reads("images", in: name): self = .images
    case 6 where path.reads("videos", in: name): self = .videos
    case 8 where path.reads("messages", in: name): self = .messages
    case 9 where path.reads("responses", in: name): self = .responses
    case 10 where path.reads("embeddings", in: name): self = .embeddings
    case 11 where path.reads("completions", in: name): self = .completions
    case 16 where path.reads("chat/completions", in: name): self = .chatCompletions
    case 17 where path.reads("video/generations", in: name): self = .videos
    case 18 where path.reads("images/generations", in: name): self = .images
    case 18 where path.reads("videos/generations", in: name): self = .videos
    default: return nil
    }
  }

  /// Its own, never another's; below 8.
  package var number: UInt8 {
    switch self {
    case .chatCompletions: 0
    case .completions: 1
    case .responses: 2
    case .messages: 3
    case .embeddings: 4
    case .images: 5
    case .videos: 6
    }
  }

  /// Its paths after `/v1/`, of which an arm has one: the first where nothing else is known of it.
  package var paths: [String] {
    switch self {
    case .images: ["images/generations", "images"]
    case .videos: ["videos", "videos/generations", "video/generations"]
    default: [rawValue]
    }
  }

  /// Pictures and videos, whose answers are media and no text.
  package var isMedia: Bool { self == .images || self == .videos }
}
