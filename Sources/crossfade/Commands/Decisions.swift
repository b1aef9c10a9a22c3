/// `crossfade decisions`: the journal's decisions, oldest first.

import ArgumentParser
import Foundation
import Journal
import RolloutJudge
import RolloutSteering
import SharedStore

struct Decisions: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what was decided and why, from the journal.",
    discussion: "Reads the store beside a running crossfade; nothing is changed.")

  @Option(
    help:
      "The journal: a file, or the address of a shared store; by default what CROSSFADE_STORE holds, else crossfade.db."
  )
  var store: String?

  @Option(help: "Only this rollout; a playbook's name.")
  var rollout: String?

  @Flag(help: "One JSON object a line, with the evidence.")
  var json = false

  @Flag(help: "Go on printing decisions as they are journaled.")
  var follow = false

  func run() async throws {
    let store = StorePlace.text(store)
    if SharedStoreAddress.isOne(store) { return try await showShared(store) }
    let found = try examineStore(store)
    guard found.findings.isEmpty else {
      // What can be read is shown; what cannot is said.
      found.findingLines.forEach { printError($0) }
      for decision in found.decisions where decision.rollout == rollout ?? decision.rollout { try show(decision) }
      throw ExitCode(1)
    }
    do {
      let journal = try Journal.reading(path: store)
      var position: Int64 = 0
      repeat {
        let found = try journal.decisions(afterPosition: position, rollout: rollout)
        for (at, decision) in found {
          try show(decision)
          position = at
        }
        if found.isEmpty, follow { try await Task.sleep(for: .milliseconds(500)) }
        if found.isEmpty, !follow { break }
        fflush(nil)
      } while true
    } catch let error as JournalError {
      printError("error: \(error)")
      throw ExitCode(1)
    }
  }

  /// Rollout after rollout; with `--follow` what comes, of all of them.
  private func showShared(_ address: String) async throws {
    do {
      let shared = SharedStore(try StorePlace.address(address), isReader: true)
      var last: [String: Int] = [:]
      repeat {
        for name in try rollout.map({ [$0] }) ?? shared.rollouts() {
          for decision in try shared.decisions(of: name, after: last[name] ?? 0, limit: nil) {
            try show(decision)
            last[name] = decision.seq
          }
        }
        fflush(nil)
        if follow { try await Task.sleep(for: .seconds(1)) }
      } while follow
    } catch  where error is StoreFault || error is SharedStoreError {
      printError("error: \(error)")
      throw ExitCode(1)
    }
  }

  private func show(_ decision: Decision) throws {
    if json { printPlain(json: try DecisionJSON.encode(decision)) } else { print(decision.line) }
  }
}

extension Decision {
  /// `seq  instant  kind  message`.
  var line: String {
    let number = String(repeating: " ", count: max(0, 4 - String(seq).count)) + String(seq)
    let kind = decision.rawValue + String(repeating: " ", count: max(0, 14 - decision.rawValue.count))
    return "\(number)  \(at.rfc3339)  \(kind)  \(message.plainText)"
  }
}
