/// A mark as bytes: a line that says how much follows and what it sums up to, then JSON, then blanks.

import Foundation
import RolloutJudge
import TrafficSplit

/// Its size is fixed, so that a mark is written in place and needs no room on a full disk.
enum MarkSlot {
  static let bytes = 64 << 10
  private static let magic = "crossfade mark 1"

  /// Without what rollbacks rest on, and then without the oldest rollouts, where it would be too large.
  static func encode(_ mark: StoreMark, generation: UInt64) throws -> [UInt8] {
    var mark = mark
    while true {
      let body = try encodeBody(mark)
      let head = Array("\(magic)\n\(generation) \(body.count) \(hex(sum(generation, body)))\n".utf8)
      let room = bytes - head.count - body.count - 1
      guard room < 0 else { return head + body + [UInt8](repeating: 0x20, count: room) + [0x0A] }
      if let index = mark.pending.firstIndex(where: { $0.told.evidence != nil }) {
        mark.pending[index].told.evidence = nil
        mark.pending[index].told.metric = nil
        mark.pending[index].told.condition = nil
      } else if mark.rollouts.count > 1 {
        mark.rollouts.removeFirst()
      } else {
        throw CocoaError(.fileWriteUnknown)
      }
    }
  }

  /// - Returns: nil where this is not what was written.
  static func decode(_ slot: ArraySlice<UInt8>) -> (generation: UInt64, mark: StoreMark)? {
    guard let first = slot.prefix(32).firstIndex(of: 0x0A), slot[..<first].elementsEqual(magic.utf8),
      let second = slot[(first + 1)...].prefix(64).firstIndex(of: 0x0A)
    else { return nil }
    let line = String(decoding: slot[(first + 1)..<second], as: UTF8.self)
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    let rest = slot[(second + 1)...]
    guard words.count == 3, let generation = UInt64(words[0]), let count = Int(words[1]),
      (0...rest.count).contains(count)
    else { return nil }
    let body = Array(rest.prefix(count))
    guard hex(sum(generation, body)) == String(words[2]) else { return nil }
    return (try? decodeBody(body)).map { (generation, $0) }
  }

  private static func sum(_ generation: UInt64, _ body: [UInt8]) -> UInt64 {
    var hasher = UnitHasher()
    hasher.combine(generation)
    hasher.combine(field: body.span.bytes)
    return hasher.finish()
  }

  private static func hex(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private static func encodeBody(_ mark: StoreMark) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return [UInt8](try encoder.encode(mark))
  }

  private static func decodeBody(_ body: [UInt8]) throws -> StoreMark {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return try decoder.decode(StoreMark.self, from: Data(body))
  }
}
