/// Some of the playbook's candidates, as bits: what a request may go to is an intersection of these.

struct CandidateSet: Sendable, Hashable {
  /// One bit by candidate index.
  static let capacity = 64

  private(set) var bits: UInt64 = 0

  init() {}

  init(_ indices: some Sequence<Int>) {
    for index in indices { insert(index) }
  }

  var isEmpty: Bool { bits == 0 }

  func contains(_ index: Int) -> Bool { bits >> UInt64(index) & 1 == 1 }

  mutating func insert(_ index: Int) { bits |= 1 << UInt64(index) }

  mutating func remove(_ index: Int) { bits &= ~(1 << UInt64(index)) }

  func union(_ other: CandidateSet) -> CandidateSet {
    var result = self
    result.bits |= other.bits
    return result
  }

  func intersection(_ other: CandidateSet) -> CandidateSet {
    var result = self
    result.bits &= other.bits
    return result
  }
}
