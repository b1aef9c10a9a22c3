/// The unit hash is pinned for ever: a change moves every conversation of every running rollout.

import Testing

@testable import TrafficSplit

@Suite("UnitHasher")
struct UnitHasherTests {
  /// The buffer of xxHash's own sanity check.
  static let sanityBuffer: [UInt8] = {
    var state: UInt64 = 2_654_435_761
    return (0..<2367).map { _ in
      defer { state &*= 11_400_714_785_074_694_797 }
      return UInt8(state >> 56)
    }
  }()

  static let prime: UInt64 = 2_654_435_761

  static let vectors: [(length: Int, seed: UInt64, hash: UInt64)] = [
    (0, 0, 0xEF46_DB37_51D8_E999), (0, prime, 0xAC75_FDA2_929B_17EF), (1, 0, 0xE934_A84A_DB05_2768),
    (1, prime, 0x5014_6076_43A9_B4C3), (4, 0, 0x9136_A0DC_A574_57EE), (4, prime, 0xCAAB_286B_D8E9_FDB5),
    (14, 0, 0x8282_DCC4_994E_35C8), (14, prime, 0xC3BD_6BF6_3DEB_6DF0), (31, 0, 0x299B_39A2_90E6_D783),
    (32, 0, 0x18B2_1649_2BB4_4B70), (33, prime, 0xE92C_292F_64BC_3071), (222, 0, 0xB641_AE8C_B691_C174),
    (222, prime, 0x20CB_8AB7_AE10_C14A), (2367, 0, 0xA824_18DD_EC0E_A581),
  ]

  private func hash(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
    var hasher = UnitHasher(seed: seed)
    hasher.combine(bytes.span.bytes)
    return hasher.finish()
  }

  @Test("agrees with the published vectors of XXH64", arguments: vectors.indices)
  func published(_ index: Int) {
    let vector = Self.vectors[index]
    #expect(hash(Array(Self.sanityBuffer.prefix(vector.length)), seed: vector.seed) == vector.hash)
  }

  @Test(
    "agrees with XXH64 on text",
    arguments: [
      ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
      ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
    ] as [(String, UInt64)])
  func text(_ text: String, _ expected: UInt64) {
    var hasher = UnitHasher()
    hasher.combine(text)
    #expect(hasher.finish() == expected)
  }

  @Test("gives one hash for the same bytes cut at every two places")
  func pieces() {
    let bytes = Array(Self.sanityBuffer.prefix(70))
    let whole = hash(bytes, seed: 5)
    for first in 0...bytes.count {
      for second in first...bytes.count {
        var hasher = UnitHasher(seed: 5)
        for range in [0..<first, first..<second, second..<bytes.count] {
          let piece = Array(bytes[range])
          hasher.combine(piece.span.bytes)
        }
        #expect(hasher.finish() == whole, "cut at \(first) and \(second)")
      }
    }
  }

  @Test("combines a number as its eight bytes, the lowest first, at any offset")
  func number() {
    for offset in 0..<40 {
      let before = Array(Self.sanityBuffer.prefix(offset))
      var hasher = UnitHasher()
      hasher.combine(before.span.bytes)
      hasher.combine(0x0807_0605_0403_0201 as UInt64)
      #expect(hasher.finish() == hash(before + [1, 2, 3, 4, 5, 6, 7, 8]))
    }
  }

  @Test("mixes a word as XXH64 hashes its eight bytes")
  func mix() {
    for word in [0, 1, 0x0807_0605_0403_0201, UInt64.max] {
      let bytes = (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
      #expect(UnitHasher.mix(word, seed: 99) == hash(bytes, seed: 99))
    }
  }

  @Test("tells fields apart that hold the same bytes when joined")
  func fields() {
    func joined(_ fields: [String]) -> UInt64 {
      var hasher = UnitHasher()
      for field in fields { hasher.combine(field: field) }
      return hasher.finish()
    }
    let hashes = [["ab", "c"], ["a", "bc"], ["abc", ""], ["", "abc"], ["abc"]].map(joined)
    #expect(Set(hashes).count == hashes.count)
  }

  @Test("may be read in the middle and go on")
  func readTwice() {
    var hasher = UnitHasher()
    hasher.combine("conver")
    _ = hasher.finish()
    hasher.combine("sation")
    #expect(hasher.finish() == hash(Array("conversation".utf8)))
  }
}
