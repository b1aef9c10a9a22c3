/// A directory of its own for each test, and decisions to put in a store.

import Foundation
import GRDB
import RolloutJudge
import Testing

@testable import Journal

final class TestStore: Sendable {
  let directory: URL

  init() throws {
    directory = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  var path: String { path("crossfade.db") }

  func path(_ name: String) -> String { directory.resolvingSymlinksInPath().appendingPathComponent(name).path }

  /// With a busy time-out that does not make a test wait.
  func open() throws(JournalError) -> Journal { try Journal(path: path, busyTimeout: .milliseconds(20)) }

  /// Puts bytes over the file's own from an offset on.
  func overwrite(_ name: String = "crossfade.db", at offset: Int, with bytes: [UInt8]) throws {
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path(name)))
    try file.seek(toOffset: UInt64(offset))
    try file.write(contentsOf: bytes)
    try file.close()
  }

  /// The files as a crash at this moment would leave them, in a store of their own.
  func crashImage(logBytes: Int? = nil) throws -> TestStore {
    let image = try TestStore()
    try Data(contentsOf: URL(fileURLWithPath: path)).write(to: URL(fileURLWithPath: image.path))
    try Data(contentsOf: URL(fileURLWithPath: path + "-mark")).write(to: URL(fileURLWithPath: image.path + "-mark"))
    let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
    try log.prefix(logBytes ?? log.count).write(to: URL(fileURLWithPath: image.path + "-wal"))
    return image
  }
}

extension Decision {
  static func sample(
    _ seq: Int, rollout: String = "r", kind: Kind = .advance, message: String = "on we go"
  ) -> Decision {
    Decision(
      seq: seq, at: Instant(nanoseconds: 1_700_000_000_123_456_789 + Int64(seq)), decision: kind, rollout: rollout,
      stage: "canary-5", stageIndex: 3, candidate: "litellm", metric: .errorRate,
      condition: .init(above: 0.02, ratioAbove: 1.5), weightsBefore: ["litellm": 0.05], weightsAfter: ["litellm": 0],
      evidence: Evidence(
        test: "sequential", eValue: 131.2, threshold: 100, candidate: .init(n: 29, bad: 9),
        baseline: .init(n: 551, bad: 4), since: Instant(nanoseconds: 1_700_000_000_000_000_000),
        parts: ["absolute": 131.2, "ratio": 1e300]),
      message: message, actor: "crossfade", playbookSHA256: "ab12")
  }
}

/// The problem that a call ends with; nil where it succeeds.
func problem(_ body: () throws -> Void) -> JournalError.Problem? {
  do {
    try body()
    return nil
  } catch let error as JournalError {
    return error.problem
  } catch {
    Issue.record("not a journal error: \(error)")
    return nil
  }
}

extension JournalError.Problem {
  var isDamage: Bool { if case .damaged = self { true } else { false } }
  var isInputOutput: Bool { if case .inputOutput = self { true } else { false } }
  var isCannotOpen: Bool { if case .cannotOpen = self { true } else { false } }
}

extension TestStore {
  func bytes(_ suffix: String = "") throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path + suffix)))
  }

  func write(_ bytes: [UInt8], _ suffix: String = "") throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path + suffix))
  }

  func remove(_ suffix: String = "") throws { try FileManager.default.removeItem(atPath: path + suffix) }

  /// Bytes of the log beside the store; nil where there is none.
  func logSize() throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int
  }
}
