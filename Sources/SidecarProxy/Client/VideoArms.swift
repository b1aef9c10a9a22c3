/// Remembers which candidate makes which video, so that whoever asks for it later is answered by that one.

import Dialects
import HTTPFraming
import NIOConcurrencyHelpers
import NIOCore
import TrafficSplit

/// One for all loops, asked only about paths of videos. It outlives a change of the playbook, and no restart: what is not
/// known is the baseline's.
final class VideoArms: Sendable {
  /// The videos that are remembered; the oldest is forgotten first.
  static let limit = 4096

  private struct Video {
    /// The arm's name.
    var arm: String
    /// It belongs to a live exchange, and nobody has been told what became of it.
    var isAwaited: Bool
  }

  private struct State {
    /// By the hash of a video's id.
    var videos: [UInt64: Video] = [:]
    var order: [UInt64] = []
    var oldest = 0
  }

  private let state = NIOLockedValueBox(State())

  /// - Parameter counts: whether what becomes of it counts among its arm's figures.
  func note(video id: String, at arm: String, counts: Bool = false) {
    let hash = Self.hash(id)
    state.withLockedValue { state in
      guard state.videos.updateValue(Video(arm: arm, isAwaited: counts), forKey: hash) == nil else { return }
      if state.order.count < Self.limit { return state.order.append(hash) }
      state.videos[state.order[state.oldest]] = nil
      state.order[state.oldest] = hash
      state.oldest = (state.oldest + 1) % Self.limit
    }
  }

  /// - Parameter path: after the version: `videos/ID`, `videos/ID/content`, with or without a query.
  /// - Returns: nil where the baseline makes it, or nobody that is known.
  func arm(ofPath path: Substring) -> String? {
    let parts = path.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false)
    guard let id = Self.place(of: parts), parts.indices.contains(id), !parts[id].isEmpty else { return nil }
    let hash = Self.hash(String(parts[id]))
    return state.withLockedValue { $0.videos[hash]?.arm }
  }

  /// What became of a video is known.
  /// - Returns: whether that is news, and counts.
  func settle(video id: String) -> Bool {
    let hash = Self.hash(id)
    return state.withLockedValue { state in
      guard state.videos[hash]?.isAwaited == true else { return false }
      state.videos[hash]?.isAwaited = false
      return true
    }
  }

  private static func place(of parts: [Substring]) -> Int? {
    switch parts.first {
    case "videos": parts.count > 1 && parts[1] == "generations" ? 2 : 1
    case "video": parts.count > 1 && parts[1] == "generations" ? 2 : nil
    default: nil
    }
  }

  private static func hash(_ id: String) -> UInt64 {
    var hasher = UnitHasher()
    hasher.combine(id)
    return hasher.finish()
  }
}

extension InboundRequest {
  /// Whether it may ask for a video that is being made: only then is its path looked at as text.
  var asksForVideo: Bool {
    guard endpoint == nil else { return false }
    let bytes = bytes
    return bytes.readableBytesSpan.begins(pathAfterBase, withLowercase: "/video")
  }

  /// The path behind the version's slash.
  var pathAfterVersion: Substring {
    let bytes = bytes
    return bytes.readableBytesSpan.text(pathAfterBase).dropFirst()
  }
}
