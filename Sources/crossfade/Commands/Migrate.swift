/// `crossfade migrate`: creates the tables of a shared store, or brings them up to date.

import ArgumentParser
import Foundation
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
    } catch let error as SharedStoreError {
      printError("error: \(error)")
      throw ExitCode(1)
    } catch let fault as StoreFault {
      printError("error: \(fault.words)")
      throw ExitCode(1)
    }
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
