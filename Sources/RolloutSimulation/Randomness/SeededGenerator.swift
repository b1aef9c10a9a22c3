/// All chance in a rehearsal comes from here: the same seed draws the same numbers on every machine.

import RealModule

/// xoshiro256++ by Blackman and Vigna (prng.di.unimi.it), its state filled by SplitMix64.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  package init(seed: UInt64) {
    var mixer = seed
    func next() -> UInt64 {
      mixer &+= 0x9E37_79B9_7F4A_7C15
      var z = mixer
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    state = (next(), next(), next(), next())
  }

  /// The generator of one run: runs of one seed have nothing to do with each other.
  package init(seed: UInt64, run: Int) {
    var first = SeededGenerator(seed: seed)
    self.init(seed: first.next() &+ UInt64(truncatingIfNeeded: run) &* 0xD134_2543_DE82_EF95)
  }

  @inline(__always)
  package mutating func next() -> UInt64 {
    let sum = state.0 &+ state.3
    let result = (sum << 23 | sum >> 41) &+ state.0
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = state.3 << 45 | state.3 >> 19
    return result
  }

  /// In (0, 1), never either.
  @inline(__always)
  package mutating func unit() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }

  /// Exponential with mean 1: the wait of a Poisson process of rate 1.
  @inline(__always)
  package mutating func wait() -> Double { -Double.log(unit()) }

  package mutating func draw<Element>(_ elements: [Element]) -> Element {
    elements[Int(next().multipliedFullWidth(by: UInt64(elements.count)).high)]
  }
}
