import Dialects
import Foundation
import Journal
import MigrationReport
import RolloutJudge
import Testing
import TrafficSplit

@testable import crossfade

@Suite struct ReportSourceTests {
  private static let playbook = Playbook(
    name: "move", baseline: arm("openrouter"), candidates: [arm("litellm")],
    stages: [Stage(name: "canary", weights: [0.5], shadow: [0], hold: .seconds(60))])

  private static func arm(_ name: String) -> Arm {
    Arm(name: name, vendor: name, url: ArmURL(isTLS: false, host: "127.0.0.1", port: 80, basePath: ""))
  }

  /// A store with one decision for each rollout, and figures of the first.
  private func withStore(_ rollouts: [String], _ body: (String) throws -> Void) throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("report-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let path = directory.resolvingSymlinksInPath().appendingPathComponent("crossfade.db").path
    let journal = try Journal(path: path)
    let at = Instant(nanoseconds: 1_795_000_000_000_000_000)
    for rollout in rollouts {
      try journal.append(
        Decision(
          seq: 1, at: at, decision: .start, rollout: rollout, stage: "canary", stageIndex: 0, weightsBefore: [:],
          weightsAfter: ["litellm": 0.5], message: "started", actor: "crossfade", playbookSHA256: ""))
    }
    var accounts = Accounts()
    accounts.adopt(Self.playbook)
    for number in 0..<10 {
      accounts.ended(
        AttemptEnd(
          attempt: UInt64(number), exchange: UInt64(number), arm: ArmIndex(rawValue: number % 2), population: .live,
          outcome: .ok, at: at, latency: 1_000_000, ttft: nil, cost: 0.01, isRetry: false, isNormalFinish: true))
    }
    try journal.saveAccounts(rollout: rollouts[0], at: at, blob: [UInt8](JSONEncoder.admin.encode(accounts)))
    // Read while it is still open for writing, as beside a running crossfade.
    try body(path)
    try journal.close()
  }

  @Test("the figures that a run keeps are the report's", arguments: ReportFormat.allCases)
  func figures(_ format: ReportFormat) throws {
    try withStore(["move"]) { path in
      let source = try ReportSource(store: path, rollout: nil, playbook: Self.playbook)
      let report = source.report(at: Instant(nanoseconds: 1_795_000_100_000_000_000))
      #expect(report.basis.map(\.attempts) == [5, 5])
      #expect(report.worksheet.first?.cells.compactMap(\.value).map { ($0 * 1e6).rounded() } == [10_000, 10_000])
      let text = try format.text(of: report)
      #expect(text.contains("litellm") && text.contains("openrouter"))
    }
  }

  @Test("a store with several rollouts asks which one, unless the playbook says")
  func several() throws {
    try withStore(["move", "other"]) { path in
      let failure = #expect(throws: ReportSource.Failure.self) {
        try ReportSource(store: path, rollout: nil, playbook: nil)
      }
      #expect(failure?.message.hasSuffix("choose one with --rollout: move, other") == true)
      #expect(try ReportSource(store: path, rollout: nil, playbook: Self.playbook).rollout == "move")
      let other = try ReportSource(store: path, rollout: "other", playbook: Self.playbook)
      #expect(other.playbook == nil)
      #expect(other.remarks.count == 2)
    }
  }

  @Test("a rollout that is not there is named beside those that are")
  func unknown() throws {
    try withStore(["move"]) { path in
      let failure = #expect(throws: ReportSource.Failure.self) {
        try ReportSource(store: path, rollout: "none", playbook: nil)
      }
      #expect(failure?.message.hasSuffix("has no rollout named none; it has move") == true)
    }
  }
}
