/// The gateway's only source of chance, so that a seed and a number repeat an answer.
///
/// SplitMix64: Steele, Lea, Flood, “Fast splittable pseudorandom number generators”, 2014.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  /// The stream of request `number`, the same whatever was drawn for the requests before it.
  init(seed: UInt64, number: Int) {
    var mixer = SeededRandom(seed: seed)
    state = mixer.next() &+ UInt64(truncatingIfNeeded: number) &* 0xD1B5_4A32_D192_ED03
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// In [0, 1), 53 bits.
  mutating func fraction() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// In 0..<bound; the modulo's bias is below 2^-50 for the short lists it picks from.
  mutating func below(_ bound: Int) -> Int {
    Int(next() % UInt64(bound))
  }
}
