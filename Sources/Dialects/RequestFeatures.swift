/// Which top-level fields a request uses: the compatibility inventory counts them over all traffic.

package struct RequestFeatures: Sendable, Hashable {
  /// One bit for each `RequestName`, at its number, which is below 127.
  private var fields = Bits128()
  /// Fields that no gateway's documentation names were there too.
  package private(set) var hasOthers = false

  package init() {}

  @inline(__always)
  mutating func insert(_ name: RequestName) { fields.insert(name.number) }

  mutating func insertOther() { hasOthers = true }

  package var isEmpty: Bool { fields.isEmpty && !hasOthers }

  /// Nearly always another number for another set, and the same one in every process: what tables of sets go by.
  package var fingerprint: UInt64 {
    let high = fields.high | (hasOthers ? 1 << 63 : 0)
    let product = high.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return fields.low ^ product.high ^ product.low
  }

  /// In alphabetical order.
  package var names: [String] {
    RequestName.allCases.filter { fields.contains($0.number) }.map(\.rawValue).sorted()
  }
}
