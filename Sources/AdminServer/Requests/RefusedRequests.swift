/// How many requests the gate has turned away, and why: guesses at the token show up on `/metrics`.

import Synchronization

final class RefusedRequests: Sendable {
  private let counts = Mutex([String: Int]())

  func count(_ refusal: Refusal) { counts.withLock { $0[Self.word(refusal), default: 0] += 1 } }

  var family: MetricFamily {
    let counts = counts.withLock { $0 }
    return MetricFamily(
      name: "crossfade_admin_refused_total", help: "Admin requests turned away at the door, by reason.", kind: .counter,
      samples: Self.words.map { .init(["reason": $0], Double(counts[$0] ?? 0)) })
  }

  /// Every one is there from the start, so that the first refusal is a rise.
  private static let words = ["unauthorized", "foreign_host", "cross_site", "content_type"]

  private static func word(_ refusal: Refusal) -> String {
    switch refusal {
    case .unauthorized: "unauthorized"
    case .foreignHost: "foreign_host"
    case .crossSite: "cross_site"
    default: "content_type"
    }
  }
}
