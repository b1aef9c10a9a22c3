/// Which request fields live traffic uses, and how attempts that use them ended: the base of the compatibility
/// inventory.

package import Dialects
import RolloutJudge

/// Requests that are alike: of one endpoint and model, with the same fields.
package struct RequestShape: Sendable, Hashable, Codable {
  package var endpoint: Endpoint
  /// nil: the request names none.
  package var model: String?
  /// In alphabetical order.
  package var fields: [String]
  package var hasOtherFields: Bool
  package var isStream: Bool
}

package struct RequestShapes: Sendable, Codable {
  /// Shapes told apart; the requests of further ones are only counted.
  package static let limit = 1024

  package struct Use: Sendable, Codable {
    package internal(set) var shape: RequestShape
    /// By arm index.
    package internal(set) var arms: [Count]
  }

  /// Attempts, live and shadow, of requests of one shape on one arm.
  package struct Count: Sendable, Codable {
    /// Live exchanges.
    package internal(set) var live = 0
    /// Attempts that did not end as `client_gone`.
    package internal(set) var judged = 0
    package internal(set) var rejected = 0
    /// Compared pairs, and those with a breaking difference.
    package internal(set) var pairs = 0
    package internal(set) var mismatches = 0

    mutating func add(_ other: Count) {
      live += other.live
      judged += other.judged
      rejected += other.rejected
      pairs += other.pairs
      mismatches += other.mismatches
    }
  }

  package private(set) var uses: [Use] = []
  /// Requests of shapes beyond the limit.
  package private(set) var uncounted = 0
  private var places: [RequestShape: Int] = [:]

  private enum CodingKeys: String, CodingKey { case uses, uncounted }

  package init() {}

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    uses = try container.decode([Use].self, forKey: .uses)
    uncounted = try container.decode(Int.self, forKey: .uncounted)
    places = Dictionary(
      uses.enumerated().map { ($0.element.shape, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  /// - Returns: nil beyond the limit.
  mutating func place(of shape: RequestShape) -> Int? {
    if let place = places[shape] { return place }
    guard uses.count < Self.limit else { return nil }
    uses.append(Use(shape: shape, arms: []))
    places[shape] = uses.count - 1
    return uses.count - 1
  }

  mutating func update(_ place: Int?, arm: Int, _ body: (inout Count) -> Void) {
    guard let place else {
      uncounted += 1
      return
    }
    while uses[place].arms.count <= arm { uses[place].arms.append(Count()) }
    body(&uses[place].arms[arm])
  }

  /// - Parameter arms: their arm index to ours.
  mutating func add(_ other: RequestShapes, arms: [Int]) {
    for use in other.uses {
      let place = place(of: use.shape)
      for (arm, count) in use.arms.enumerated() { update(place, arm: arms[arm]) { $0.add(count) } }
    }
    uncounted += other.uncounted
  }
}
