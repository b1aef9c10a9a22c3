/// The traffic that a probe is told of: by a store, or by a running process.

import ArgumentParser
import ArmProbe
import Foundation
import Journal
import RolloutJudge

extension Probe {
  /// - Returns: nil where nobody asked.
  func seenTraffic(_ playbook: Playbook) async throws -> SeenTraffic? {
    if let store { return try stored(at: store, playbook) }
    guard let admin else { return nil }
    let options = try AdminOptions.parse(["--admin", admin] + (adminToken.map { ["--admin-token", $0] } ?? []))
    var seen: SeenTraffic?
    try await reportingFailures {
      seen = SeenTraffic(try await options.client.status(), playbook, source: "told by \(options.client.base)")
    }
    return seen
  }

  private func stored(at path: String, _ playbook: Playbook) throws -> SeenTraffic {
    do {
      let source = try ReportSource(store: path, rollout: playbook.name, playbook: playbook)
      let since = source.figuresAt.map { ", as of \($0.rfc3339.prefix(19))Z" } ?? ""
      return SeenTraffic(source.accounts, playbook, source: "\(path)\(since)")
    } catch let failure as ReportSource.Failure {
      printError("error: \(failure.message)")
    } catch let error as JournalError {
      printError("error: \(error)")
    }
    throw ExitCode(1)
  }
}
