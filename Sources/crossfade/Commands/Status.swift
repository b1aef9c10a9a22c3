/// `crossfade status`: where the rollout stands.

import AdminServer
import ArgumentParser
import Foundation
import RolloutJudge

struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show where the rollout stands, by arm and by condition.")

  @OptionGroup var admin: AdminOptions

  @Flag(help: "Show it anew every second.")
  var watch = false

  @Flag(help: "As JSON; with --watch one object a line.")
  var json = false

  func run() async throws {
    try await reportingFailures {
      repeat {
        if json {
          print(String(decoding: try await admin.client.get("/status"), as: UTF8.self))
        } else {
          let answer = try await admin.client.get("/status")
          let screen = StatusScreen(
            try JSONDecoder.admin.decode(RolloutStatus.self, from: answer), inColour: Terminal.isColourful)
          if watch, Terminal.isTerminal { Terminal.clear() }
          screen.lines.forEach { print($0) }
          if let fleet = try JSONDecoder.admin.decode(FleetPart.self, from: answer).fleet {
            FleetLines.lines(fleet).forEach { print($0) }
          }
          if let fault = try JSONDecoder.admin.decode(JournalState.self, from: answer).journalFault {
            print("\nnothing is journaled, the baseline serves: \(fault)")
          }
        }
        fflush(nil)
        if watch { try await Task.sleep(for: .seconds(1)) }
      } while watch
    }
  }
}

private struct FleetPart: Decodable {
  var fleet: FleetStatus?
}

/// The part of `GET /status` that is the journal's.
private struct JournalState: Decodable {
  var journalFault: String?

  private enum CodingKeys: String, CodingKey { case journalFault = "journal_fault" }
}
