/// Which top-level fields a request uses: the compatibility inventory counts them over all traffic.

package struct RequestFeatures: Sendable, Hashable {
  /// By the place of a name in `RequestName.allCases`.
  private var fields: UInt128 = 0
  /// Fields that no gateway's documentation names were there too.
  package private(set) var hasOthers = false

  package init() {}

  mutating func insert(_ name: RequestName) { fields |= 1 << UInt128(Self.places[name] ?? 0) }

  mutating func insertOther() { hasOthers = true }

  package var isEmpty: Bool { fields == 0 && !hasOthers }

  /// In alphabetical order.
  package var names: [String] {
    RequestName.allCases.enumerated().filter { fields & (1 << UInt128($0.offset)) != 0 }.map(\.element.rawValue).sorted()
  }

  private static let places = Dictionary(
    uniqueKeysWithValues: RequestName.allCases.enumerated().map { ($0.element, $0.offset) })
}

extension RequestFacts {
  package var features: RequestFeatures {
    var features = RequestFeatures()
    for place in places {
      if let name = place.name { features.insert(name) } else { features.insertOther() }
    }
    return features
  }
}
