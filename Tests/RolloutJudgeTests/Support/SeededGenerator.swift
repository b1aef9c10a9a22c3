/// Random numbers that are the same in every run: SplitMix64.

struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// True with this probability.
  mutating func chance(_ probability: Double) -> Bool { Double(next() >> 11) * 0x1p-53 < probability }

  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}

extension SeededGenerator {
  /// Of median 1: the exponential of a normal deviate, which is a sum of twelve uniform ones.
  mutating func logNormal(sigma: Double) -> Double {
    let deviate = (0..<12).reduce(-6.0) { sum, _ in sum + uniform() }
    return Self.exponential(sigma * deviate)
  }

  /// e to the x, by its series after halving often enough.
  private static func exponential(_ x: Double) -> Double {
    let small = x / 1024
    var value = 1 + small + small * small / 2 + small * small * small / 6
    for _ in 0..<10 { value *= value }
    return value
  }
}
