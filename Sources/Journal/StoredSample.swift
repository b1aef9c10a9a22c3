/// A compared pair as the store keeps it: redacted, cut to size, with what was found in it.

import Foundation
import GRDB
package import ResponseDiff
package import RolloutJudge

package struct StoredSample: Sendable, Equatable {
  /// The exchange's id, as its client saw it: 16 hexadecimal digits.
  package var exchange: String
  package var rollout: String
  /// The candidate's name.
  package var candidate: String
  /// The instant of the baseline attempt's end.
  package var at: Instant
  package var stage: String
  package var endpoint: String
  /// The model as the application named it; nil where it named none.
  package var model: String?
  /// The kinds that it is kept for.
  package var kinds: Kinds
  package var comparison: AnswerComparison
  /// Nil in lists, which are read without them.
  package var bodies: Bodies?

  package init(
    exchange: String, rollout: String, candidate: String, at: Instant, stage: String, endpoint: String, model: String?,
    kinds: Kinds, comparison: AnswerComparison, bodies: Bodies?
  ) {
    self.exchange = exchange
    self.rollout = rollout
    self.candidate = candidate
    self.at = at
    self.stage = stage
    self.endpoint = endpoint
    self.model = model
    self.kinds = kinds
    self.comparison = comparison
    self.bodies = bodies
  }

  /// 0…1.
  package var distance: Double { comparison.distance }

  package struct Bodies: Sendable, Equatable {
    package var request: Body
    package var baseline: Body
    /// The candidate's.
    package var answer: Body

    package init(request: Body, baseline: Body, answer: Body) {
      self.request = request
      self.baseline = baseline
      self.answer = answer
    }

    var byteCount: Int { request.text.utf8.count + baseline.text.utf8.count + answer.text.utf8.count }
  }

  package struct Body: Sendable, Equatable, Codable {
    /// Redacted.
    package var text: String
    /// Whether this is only its beginning.
    package var isCut: Bool

    package init(text: String, isCut: Bool = false) {
      self.text = text
      self.isCut = isCut
    }

    enum CodingKeys: String, CodingKey {
      case text
      case isCut = "is_cut"
    }
  }

  package struct Kinds: OptionSet, Sendable, Hashable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// One of the most different pairs.
    package static let different = Kinds(rawValue: 1)
    /// Part of the uniform sample, whatever the answers were.
    package static let uniform = Kinds(rawValue: 2)

    package var words: [String] {
      (contains(.different) ? ["different"] : []) + (contains(.uniform) ? ["uniform"] : [])
    }
  }
}

extension StoredSample {
  /// Every column but the bodies.
  static let listColumns =
    "exchange, rollout, candidate, at, stage, endpoint, model, uniform, different, comparison"

  init(_ row: Row) throws {
    let comparison: String = try row.decode(forColumn: "comparison")
    var kinds: Kinds = []
    if try row.decode(Bool.self, forColumn: "different") { kinds.insert(.different) }
    if try row.decode(Bool.self, forColumn: "uniform") { kinds.insert(.uniform) }
    self.init(
      exchange: try row.decode(forColumn: "exchange"), rollout: try row.decode(forColumn: "rollout"),
      candidate: try row.decode(forColumn: "candidate"),
      at: Instant(nanoseconds: try row.decode(forColumn: "at")), stage: try row.decode(forColumn: "stage"),
      endpoint: try row.decode(forColumn: "endpoint"), model: try row.decode(forColumn: "model"), kinds: kinds,
      comparison: try JSONDecoder().decode(AnswerComparison.self, from: Data(comparison.utf8)),
      bodies: row.hasColumn("request") ? try Bodies(row) : nil)
  }

  /// - Parameter bodies: what `bodies` holds.
  func insert(_ db: Database, bodies: Bodies, rank: Int64) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let comparison = String(decoding: try encoder.encode(comparison), as: UTF8.self)
    try db.executeCached(
      sql: """
        INSERT OR REPLACE INTO sample (rollout, candidate, exchange, at, stage, uniform, different, rank, distance,
          endpoint, model, bytes, cut, comparison, request, baseline, answer)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        rollout, candidate, exchange, at.nanoseconds, stage, kinds.contains(.uniform), kinds.contains(.different), rank,
        distance, endpoint, model, bodies.byteCount, bodies.cut, comparison, bodies.request.text, bodies.baseline.text,
        bodies.answer.text,
      ])
  }
}

extension StoredSample.Bodies {
  fileprivate init(_ row: Row) throws {
    let cut: Int = try row.decode(forColumn: "cut")
    func body(_ column: String, _ bit: Int) throws -> StoredSample.Body {
      StoredSample.Body(text: try row.decode(forColumn: column), isCut: cut & bit != 0)
    }
    self.init(request: try body("request", 1), baseline: try body("baseline", 2), answer: try body("answer", 4))
  }

  fileprivate var cut: Int { (request.isCut ? 1 : 0) | (baseline.isCut ? 2 : 0) | (answer.isCut ? 4 : 0) }
}
