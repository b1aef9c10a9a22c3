/// Attempts told apart by one property, such as the model or the team: so many values by name, the rest together.

package import RolloutJudge

package struct Breakdown: Sendable, Codable {
  /// `model`, or the tag's name.
  package let name: String
  /// Values told apart.
  let limit: Int
  package private(set) var values: [String] = []
  private var rows: [Row] = []
  private var places: [String: Int] = [:]
  private var cells: [Int: Int] = [:]

  package static let modelLimit = 200
  package static let absent = "(none)"
  /// Bytes of a value.
  private static let textLimit = 200

  /// One value's attempts on one arm of one population.
  package struct Row: Sendable, Codable {
    package var value: Int
    package var arm: Int
    package var population: Population
    package var account: AttemptAccount
  }

  private enum CodingKeys: String, CodingKey { case name, limit, values, rows }

  init(name: String, limit: Int) {
    self.name = name
    self.limit = limit
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    limit = try container.decode(Int.self, forKey: .limit)
    values = try container.decode([String].self, forKey: .values)
    rows = try container.decode([Row].self, forKey: .rows)
    places = Dictionary(values.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    for (index, row) in rows.enumerated() {
      guard values.indices.contains(row.value) else {
        throw DecodingError.dataCorruptedError(forKey: .rows, in: container, debugDescription: "a row of no value")
      }
      cells[Self.key(row.value, row.arm, row.population)] = index
    }
  }

  /// - Parameter value: nil: the request does not say.
  mutating func place(of value: String?) -> Int {
    let text = value.map { $0.utf8.count > Self.textLimit ? String($0.prefix(Self.textLimit / 4)) + "…" : $0 }
    let name = text ?? Self.absent
    if let place = places[name] { return place }
    let kept = values.count < limit ? name : Tag.otherValue
    if let place = places[kept] { return place }
    values.append(kept)
    places[kept] = values.count - 1
    return values.count - 1
  }

  mutating func record(_ end: AttemptEnd, at place: Int, arm: Int) {
    let index = index(place, arm, end.population)
    rows[index].account.record(end, isBrief: true)
  }

  mutating func report(success: Bool, value: Double?, wasNormal: Bool, at place: Int, arm: Int) {
    let index = index(place, arm, .live)
    rows[index].account.report(success: success, value: value, wasNormal: wasNormal)
  }

  private mutating func index(_ value: Int, _ arm: Int, _ population: Population) -> Int {
    let key = Self.key(value, arm, population)
    if let index = cells[key] { return index }
    rows.append(Row(value: value, arm: arm, population: population, account: AttemptAccount()))
    cells[key] = rows.count - 1
    return rows.count - 1
  }

  private static func key(_ value: Int, _ arm: Int, _ population: Population) -> Int {
    (value << 16) | (arm << 4) | Int(population.rawValue)
  }

  /// nil where there was no such attempt.
  package func account(_ value: Int, arm: Int, population: Population) -> AttemptAccount? {
    cells[Self.key(value, arm, population)].map { rows[$0].account }
  }

  /// - Parameter arms: their arm index to ours.
  mutating func add(_ other: Breakdown, arms: [Int]) {
    for row in other.rows {
      let value = other.values[row.value]
      let index = index(place(of: value), arms[row.arm], row.population)
      rows[index].account.add(row.account)
    }
  }
}
