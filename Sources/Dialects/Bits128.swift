/// A hundred and twenty-eight bits in two words. A `UInt128` is aligned to sixteen bytes, and so is then every object that
/// holds one, which the allocator takes several times as long for.

struct Bits128: Sendable, Hashable {
  private(set) var low: UInt64 = 0
  private(set) var high: UInt64 = 0

  static let all = Bits128(low: .max, high: .max)

  init() {}

  private init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  var isEmpty: Bool { low | high == 0 }

  // MARK: as a set of numbers below 128

  @inline(__always)
  func contains(_ number: UInt8) -> Bool { (number < 64 ? low : high) &>> UInt64(number) & 1 == 1 }

  @inline(__always)
  mutating func insert(_ number: UInt8) {
    if number < 64 { low |= 1 &<< UInt64(number) } else { high |= 1 &<< UInt64(number) }
  }

  mutating func remove(_ number: UInt8) {
    if number < 64 { low &= ~(1 &<< UInt64(number)) } else { high &= ~(1 &<< UInt64(number)) }
  }

  // MARK: as a stack of bits

  @inline(__always)
  var top: Bool { low & 1 == 1 }

  /// The bit that was pushed 128 pushes ago is forgotten.
  @inline(__always)
  mutating func push(_ bit: Bool) {
    high = high &<< 1 | low &>> 63
    low = low &<< 1 | (bit ? 1 : 0)
  }

  @inline(__always)
  mutating func pop() {
    low = low &>> 1 | high &<< 63
    high = high &>> 1
  }

  // MARK: as a stack of bytes

  /// The byte that was pushed 16 pushes ago is forgotten.
  @inline(__always)
  mutating func push(byte: UInt8) {
    high = high &<< 8 | low &>> 56
    low = low &<< 8 | UInt64(byte)
  }

  /// - Returns: 0 where none is left.
  @inline(__always)
  mutating func popByte() -> UInt8 {
    defer {
      low = low &>> 8 | high &<< 56
      high = high &>> 8
    }
    return UInt8(truncatingIfNeeded: low)
  }
}
