/// Turns what identifies a unit into 64 bits that are the same in every process and on every machine, for ever.

/// XXH64, after its public specification (github.com/Cyan4973/xxHash, doc/xxhash_spec.md), fed piece by piece.
///
/// How the bytes are cut into pieces makes no difference; `combine(field:)` marks where a piece ends.
package struct UnitHasher: Sendable {
  private var lanes: (UInt64, UInt64, UInt64, UInt64)
  /// The bytes of an unfinished stripe of 32, eight to a word, the first in the lowest bits.
  private var pending = InlineArray<4, UInt64>(repeating: 0)
  private var pendingCount = 0
  private var length: UInt64 = 0
  private let seed: UInt64

  package init(seed: UInt64 = 0) {
    self.seed = seed
    lanes = (seed &+ prime1 &+ prime2, seed &+ prime2, seed, seed &- prime1)
  }

  package mutating func combine(_ bytes: RawSpan) {
    let count = bytes.byteCount
    length &+= UInt64(truncatingIfNeeded: count)
    var offset = 0
    // First what an unfinished stripe lacks.
    if pendingCount > 0 {
      offset = min(32 &- pendingCount, count)
      append(bytes, 0, offset)
    }
    if offset &+ 32 <= count {
      var lanes = lanes
      repeat {
        lanes.0 = round(lanes.0, bytes.word(at: offset))
        lanes.1 = round(lanes.1, bytes.word(at: offset &+ 8))
        lanes.2 = round(lanes.2, bytes.word(at: offset &+ 16))
        lanes.3 = round(lanes.3, bytes.word(at: offset &+ 24))
        offset &+= 32
      } while offset &+ 32 <= count
      self.lanes = lanes
    }
    append(bytes, offset, count)
  }

  /// Less than a stripe.
  @inline(__always)
  private mutating func append(_ bytes: RawSpan, _ start: Int, _ end: Int) {
    var offset = start
    while offset &+ 8 <= end {
      append(bytes.word(at: offset), count: 8)
      offset &+= 8
    }
    if offset < end { append(bytes.word(at: offset, count: end &- offset), count: end &- offset) }
  }

  package mutating func combine(_ text: String) {
    let utf8 = text.utf8
    combine(utf8.span.bytes)
  }

  /// Eight bytes, the lowest first.
  package mutating func combine(_ word: UInt64) {
    append(word, count: 8)
    length &+= 8
  }

  /// The length and then the bytes, so that ("ab", "c") and ("a", "bc") differ.
  package mutating func combine(field bytes: RawSpan) {
    combine(UInt64(bytes.byteCount))
    combine(bytes)
  }

  package mutating func combine(field text: String) {
    let utf8 = text.utf8
    combine(field: utf8.span.bytes)
  }

  /// The hash of all that was combined so far; more may follow.
  package func finish() -> UInt64 {
    var hash = length >= 32 ? merged : seed &+ prime5
    hash &+= length
    let words = pendingCount >> 3
    for index in 0..<words {
      hash = rotated(hash ^ round(0, pending[index]), by: 27) &* prime1 &+ prime4
    }
    var left = pendingCount & 7
    var tail = left > 0 ? pending[words] : 0
    if left >= 4 {
      hash = rotated(hash ^ (tail & 0xFFFF_FFFF) &* prime1, by: 23) &* prime2 &+ prime3
      tail >>= 32
      left -= 4
    }
    for _ in 0..<left {
      hash = rotated(hash ^ (tail & 0xFF) &* prime5, by: 11) &* prime1
      tail >>= 8
    }
    return avalanche(hash)
  }

  /// XXH64 of one word's eight bytes: what a table uses to make one unit's places in two rollouts independent.
  package static func mix(_ word: UInt64, seed: UInt64) -> UInt64 {
    let hash = (seed &+ prime5 &+ 8) ^ round(0, word)
    return avalanche(rotated(hash, by: 27) &* prime1 &+ prime4)
  }

  /// - Parameter count: 1 to 8 bytes of the word, the lowest first; the others are 0.
  private mutating func append(_ word: UInt64, count: Int) {
    let (index, shift) = (pendingCount &>> 3, UInt64(truncatingIfNeeded: pendingCount & 7) &* 8)
    pending[index] = shift == 0 ? word : pending[index] | word &<< shift
    pendingCount &+= count
    guard pendingCount >= (index &+ 1) &* 8 else { return }
    // The word is full; what it had no room for begins the next one.
    let rest = shift == 0 ? 0 : word &>> (64 &- shift)
    if pendingCount >= 32 {
      lanes.0 = round(lanes.0, pending[0])
      lanes.1 = round(lanes.1, pending[1])
      lanes.2 = round(lanes.2, pending[2])
      lanes.3 = round(lanes.3, pending[3])
      pendingCount &-= 32
      pending[0] = rest
    } else {
      pending[index &+ 1] = rest
    }
  }

  private var merged: UInt64 {
    var hash = rotated(lanes.0, by: 1) &+ rotated(lanes.1, by: 7)
    hash = hash &+ rotated(lanes.2, by: 12) &+ rotated(lanes.3, by: 18)
    hash = (hash ^ round(0, lanes.0)) &* prime1 &+ prime4
    hash = (hash ^ round(0, lanes.1)) &* prime1 &+ prime4
    hash = (hash ^ round(0, lanes.2)) &* prime1 &+ prime4
    return (hash ^ round(0, lanes.3)) &* prime1 &+ prime4
  }
}

private let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
private let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
private let prime3: UInt64 = 0x1656_67B1_9E37_79F9
private let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
private let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

@inline(__always)
private func rotated(_ value: UInt64, by bits: UInt64) -> UInt64 { value &<< bits | value &>> (64 &- bits) }

@inline(__always)
private func round(_ lane: UInt64, _ word: UInt64) -> UInt64 { rotated(lane &+ word &* prime2, by: 31) &* prime1 }

@inline(__always)
private func avalanche(_ hash: UInt64) -> UInt64 {
  var hash = hash
  hash = (hash ^ hash &>> 33) &* prime2
  hash = (hash ^ hash &>> 29) &* prime3
  return hash ^ hash &>> 32
}

extension RawSpan {
  /// - Parameter offset: the caller has made sure that eight bytes follow.
  @inline(__always)
  fileprivate func word(at offset: Int) -> UInt64 {
    UInt64(littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
  }

  /// Up to seven bytes, the first lowest, the missing ones 0.
  @inline(__always)
  fileprivate func word(at offset: Int, count: Int) -> UInt64 {
    if offset &+ 8 <= byteCount { return word(at: offset) & ~(UInt64.max &<< UInt64(truncatingIfNeeded: count &* 8)) }
    var word: UInt64 = 0
    for index in 0..<count {
      let byte = unsafeLoad(fromByteOffset: offset &+ index, as: UInt8.self)
      word |= UInt64(byte) &<< UInt64(truncatingIfNeeded: index &* 8)
    }
    return word
  }
}
