/// The store's log, read as SQLite will read it: how far it is whole, and what lies behind.

import Foundation

/// SQLite recovers the frames up to the first one whose checksum is wrong, and says nothing of the rest
/// (sqlite.org/fileformat2.html, section 4). So this looks before SQLite does.
struct LogInspection: Equatable {
  /// Frames that will be recovered, up to the last that ends a transaction.
  var frames = 0
  var tail = Tail.none

  /// Bytes that were written and will not be recovered.
  var lost: Int {
    switch tail {
    case .none: 0
    case .torn(let bytes), .broken(let bytes): bytes
    }
  }

  enum Tail: Equatable {
    /// Nothing, or what an earlier use of the file left.
    case none
    /// The end of a write that was cut short: the process ended, or the last frame was changed.
    case torn(bytes: Int)
    /// A frame that is not as it was written has others behind it: no interrupted write leaves that.
    case broken(bytes: Int)
  }

  init(path: String) {
    // Not mapped: its writer may cut it short meanwhile.
    guard let log = FileManager.default.contents(atPath: path) else { return }
    self = log.withUnsafeBytes { LogInspection($0.bytes) }
  }

  init(_ log: RawSpan) {
    let size = log.byteCount
    guard size > 0 else { return }
    guard size >= Self.headerBytes else {
      tail = .torn(bytes: size)
      return
    }
    let magic = log.word(at: 0)
    let pageSize = Int(log.word(at: 8))
    var sum = Sum(isBigEndian: magic & 1 == 1)
    sum.add(log, 0, 24)
    guard magic & ~1 == 0x377F_0682, (512...65_536).contains(pageSize), sum.isEqual(log, at: 24) else {
      tail = size > Self.headerBytes ? .broken(bytes: size) : .torn(bytes: size)
      return
    }
    read(log, frameBytes: Self.frameHeaderBytes + pageSize, sum)
  }

  private static let headerBytes = 32
  private static let frameHeaderBytes = 24

  private mutating func read(_ log: RawSpan, frameBytes: Int, _ header: Sum) {
    let size = log.byteCount
    var (sum, offset, valid) = (header, Self.headerBytes, 0)
    while offset + frameBytes <= size, log.isCurrentFrame(at: offset) {
      var next = sum
      next.add(log, offset, 8)
      next.add(log, offset + Self.frameHeaderBytes, frameBytes - Self.frameHeaderBytes)
      guard next.isEqual(log, at: offset + 16) else { break }
      valid += 1
      if log.word(at: offset + 4) != 0 { frames = valid }
      sum = next
      offset += frameBytes
    }
    let rest = size - offset
    guard rest > 0 else { return }
    var later = offset + frameBytes
    while later + Self.frameHeaderBytes <= size {
      if log.isCurrentFrame(at: later) {
        tail = .broken(bytes: rest)
        return
      }
      later += frameBytes
    }
    let isStale = rest >= Self.frameHeaderBytes && !log.isCurrentFrame(at: offset)
    tail = isStale ? .none : .torn(bytes: rest)
  }

  /// SQLite's cumulative checksum: two words, over pairs of words.
  private struct Sum {
    var (first, second): (UInt32, UInt32) = (0, 0)
    let isBigEndian: Bool

    init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

    mutating func add(_ bytes: RawSpan, _ start: Int, _ count: Int) {
      var offset = start
      while offset < start + count {
        first &+= bytes.word(at: offset, isBigEndian: isBigEndian) &+ second
        second &+= bytes.word(at: offset + 4, isBigEndian: isBigEndian) &+ first
        offset += 8
      }
    }

    func isEqual(_ bytes: RawSpan, at offset: Int) -> Bool {
      first == bytes.word(at: offset) && second == bytes.word(at: offset + 4)
    }
  }
}

extension RawSpan {
  fileprivate func word(at offset: Int, isBigEndian: Bool = true) -> UInt32 {
    let word = unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
    return isBigEndian ? UInt32(bigEndian: word) : UInt32(littleEndian: word)
  }

  /// Whether a frame's salts are the log's, so that it was written since the log was last begun anew.
  fileprivate func isCurrentFrame(at offset: Int) -> Bool {
    word(at: offset + 8) == word(at: 16) && word(at: offset + 12) == word(at: 20)
  }
}
