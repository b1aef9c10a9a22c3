/// How often each case of a closed list occurred: an array while counting, names where it is kept.

package struct NamedCounts<Case: CaseIterable & RawRepresentable<String> & Sendable>: Sendable {
  private var counts: [Int]

  package init() { counts = Array(repeating: 0, count: Case.allCases.count) }

  /// - Parameter place: the case's index in `allCases`.
  mutating func add(at place: Int) { counts[place] += 1 }

  func count(at place: Int) -> Int { counts[place] }

  var total: Int { counts.reduce(0, +) }

  mutating func add(_ other: Self) {
    for place in counts.indices { counts[place] += other.counts[place] }
  }

  /// Only those that occurred.
  package var named: [String: Int] {
    Dictionary(uniqueKeysWithValues: zip(Case.allCases, counts).filter { $0.1 > 0 }.map { ($0.0.rawValue, $0.1) })
  }
}

extension NamedCounts: Codable {
  /// By name, so that a case may be added without a word; a name that is no case any more is left out.
  package init(from decoder: any Decoder) throws {
    let named = try decoder.singleValueContainer().decode([String: Int].self)
    counts = Case.allCases.map { named[$0.rawValue] ?? 0 }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(named)
  }
}
