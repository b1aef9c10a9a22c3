/// Counts which model answered where which was asked for: an arm that serves another one says so in its answers alone.

import Dialects
package import RolloutJudge

struct ServedModels: Sendable, Codable {
  struct Pair: Sendable, Codable, Hashable {
    var asked: String
    var served: String
  }

  private struct Entry: Codable {
    var pair: Pair
    var count: Int
  }

  /// Those whose names differ; what is the same needs no counting.
  private var counts: [Pair: Int] = [:]
  /// Further pairs are not told apart.
  private static let limit = 200
  /// Bytes of a name.
  private static let nameLimit = 200

  init() {}

  init(from decoder: any Decoder) throws {
    let entries = try [Entry](from: decoder)
    counts = Dictionary(entries.map { ($0.pair, $0.count) }, uniquingKeysWith: +)
  }

  func encode(to encoder: any Encoder) throws {
    try counts.map { Entry(pair: $0.key, count: $0.value) }.encode(to: encoder)
  }

  mutating func record(_ end: AttemptEnd) {
    guard let asked = end.askedModel, let served = end.servedModel,
      max(asked.utf8.count, served.utf8.count) <= Self.nameLimit
    else { return }
    add(Pair(asked: asked, served: served), 1)
  }

  private mutating func add(_ pair: Pair, _ count: Int) {
    guard counts[pair] != nil || counts.count < Self.limit else { return }
    counts[pair, default: 0] += count
  }

  mutating func add(_ other: ServedModels) {
    for (pair, count) in other.counts { add(pair, count) }
  }

  /// Without those that are forms of the name that was asked for.
  func others(arm: String) -> [OtherModel] {
    counts.compactMap { pair, count in
      isModel(pair.served, aFormOf: pair.asked)
        ? nil : OtherModel(arm: arm, asked: pair.asked, served: pair.served, attempts: count)
    }
  }
}

extension Accounts {
  /// The most frequent first.
  package var otherModels: [OtherModel] {
    served.flatMap { arm, models in models.others(arm: armNames[arm]) }
      .sorted { ($1.attempts, $0.arm, $0.asked, $0.served) < ($0.attempts, $1.arm, $1.asked, $1.served) }
  }
}
