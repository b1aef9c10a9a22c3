/// `crossfade migrate`: creates the tables of a shared store, or brings them up to date.

import ArgumentParser
import Foundation
import Journal
import RolloutSteering
import SharedStore

struct Migrate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Create or upgrade the shared store.",
    discussion: """
      Several processes share a rollout through a PostgreSQL of yours; its tables are in a schema of their own, crossfade. \
      Run it with an older and a newer crossfade alike: what is there already is left as it is.

        crossfade migrate --store postgres://owner@db.internal/main --grant crossfade
      """)

  @Option(
    help: ArgumentHelp(
      "The shared store: postgres://USER@HOST/DATABASE; by default what CROSSFADE_STORE holds.", valueName: "url"))
  var store: String?

  @Option(help: ArgumentHelp("Let this role do what crossfade run does, and no more.", valueName: "role"))
  var grant: String?

  @Option(
    help: ArgumentHelp(
      "Copy the rollouts of this single store, which no process may be using, so that the fleet goes on with them.",
      valueName: "file"))
  var from: String?

  func run() throws {
    do {
      let shared = try SharedStore(chosenAddress)
      let added = try shared.migrate()
      let steps = added.map(String.init).joined(separator: ", ")
      printError(
        added.isEmpty
          ? "\(shared.address): its tables are up to date" : "\(shared.address): its tables are new in \(steps)")
      if let grant {
        try shared.grant(to: grant)
        printError("\(shared.address): \(grant) may use them")
      }
      if let from { try copy(from, to: shared) }
    } catch let error as JournalError {
      printError("error: \(error)")
      throw ExitCode(1)
    } catch let error as SharedStoreError {
      printError("error: \(error)")
      throw ExitCode(1)
    } catch let fault as StoreFault {
      printError("error: \(fault.words)")
      throw ExitCode(1)
    }
  }

  private func copy(_ path: String, to shared: SharedStore) throws {
    guard FileManager.default.fileExists(atPath: path) else { throw JournalError(path: path, problem: .missing) }
    // Its writer's place is taken: a process that used it could journal what the copy lacks.
    let journal = try Journal(path: path)
    for rollout in try journal.rollouts() {
      let count = try shared.copy(rollout, from: journal)
      printError(
        "\(shared.address): \(count) decisions of \(rollout) copied; start its processes with this store from now on")
    }
    try journal.close()
  }

  private var chosenAddress: SharedStoreAddress {
    get throws {
      let environment = ProcessInfo.processInfo.environment
      guard let text = store ?? environment["CROSSFADE_STORE"], SharedStoreAddress.isOne(text) else {
        throw ValidationError("--store names no shared store: write postgres://USER@HOST:PORT/DATABASE")
      }
      return try SharedStoreAddress(text, password: environment["PGPASSWORD"])
    }
  }
}
