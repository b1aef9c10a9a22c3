/// Links every decision to the one before it, so that whoever can write the file cannot rewrite what has been told of it.

import Crypto
import Foundation
import GRDB
import RolloutJudge

/// The head of a rollout's chain after a decision is the SHA-256, in lower-case hex, of five lines without a last line break: the head
/// before it (empty before the first), the rollout, the number, the instant in nanoseconds and the decision's JSON as it is kept.
package enum DecisionChain {
  static func head(after former: String, _ row: DecisionRow) -> String {
    let text = "\(former)\n\(row.rollout)\n\(row.seq)\n\(row.at.nanoseconds)\n\(row.body)"
    return SHA256.hash(data: Data(text.utf8)).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count < 2 ? "0" + digits : digits
    }.joined()
  }

  /// The head after the rollout's last decision. Rows of an older version have none of their own, and are covered by the
  /// first one that has.
  static func head(_ db: Database, of rollout: String, in store: JournalStore) throws -> String {
    let last = try Row.fetchOne(
      db, sql: "SELECT head FROM decision WHERE rollout = ? ORDER BY seq DESC LIMIT 1", arguments: [rollout])
    guard let last else { return "" }
    if let head: String = last["head"] { return head }
    var head = ""
    let rows = try Row.fetchCursor(
      db, sql: "SELECT * FROM decision WHERE rollout = ? ORDER BY seq", arguments: [rollout])
    while let row = try rows.next() { head = Self.head(after: head, try DecisionRow(row, of: store)) }
    return head
  }
}

/// A rollout's chain as it was found.
package struct ChainReading: Sendable, Equatable {
  package init() {}

  /// The head after each decision, as it follows from what is there.
  package private(set) var heads: [(seq: Int, head: String)] = []
  /// The first decision that was journaled with its head; those before it are of an older version. Nil: all are.
  package private(set) var firstLinked: Int?
  /// Decisions whose head is not the one that was journaled with them.
  package private(set) var broken: [Int] = []

  package var last: String? { heads.last?.head }

  /// - Parameter prefix: of a head as the log or a webhook told it, 8 digits or more.
  /// - Returns: the decision after which it was told.
  package func decision(withHead prefix: String) -> Int? {
    let prefix = prefix.lowercased()
    guard prefix.utf8.count >= 8 else { return nil }
    return heads.first { $0.head.hasPrefix(prefix) }?.seq
  }

  package mutating func read(_ row: DecisionRow) {
    let head = DecisionChain.head(after: last ?? "", row)
    heads.append((row.seq, head))
    guard let told = row.head else {
      if firstLinked != nil { broken.append(row.seq) }
      return
    }
    firstLinked = firstLinked ?? row.seq
    if told != head { broken.append(row.seq) }
  }

  package static func == (a: ChainReading, b: ChainReading) -> Bool {
    a.firstLinked == b.firstLinked && a.broken == b.broken && a.heads.map(\.head) == b.heads.map(\.head)
  }
}
