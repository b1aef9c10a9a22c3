/// `crossfade demo`: the whole story in a minute, on this machine.

import ArgumentParser
import Foundation
import Listening

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "See the whole story in a minute, on this machine, without a network or a key.",
    discussion: """
      Two emulated gateways and an application that asks 120 times a second, with Crossfade between them: shadow, \
      canary, ramp; then the candidate breaks, and Crossfade takes it back. Sockets, proxy, journal and evidence are the real ones; \
      only the holds are short. Exit code 0 if it went as told, 1 if not.
      """)

  @Flag(help: "In about a quarter of the time: shorter holds, the same evidence.")
  var fast = false

  @Option(help: ArgumentHelp("Another seed draws other latencies and failures.", valueName: "number"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Keep the journal in this new file. Default: it is deleted.", valueName: "file"))
  var store: String?

  @Flag(help: "Print the demo's playbook and do nothing else.")
  var printPlaybook = false

  func validate() throws {
    if let store, FileManager.default.fileExists(atPath: store) {
      throw ValidationError("--store: \(store) exists; name a new file")
    }
  }

  func run() async throws {
    DescriptorTable.raise()
    if printPlaybook {
      print(DemoPlaybook.text, terminator: "")
      return
    }
    let result: DemoResult
    do {
      result = try await DemoRun(pace: fast ? .fast : .full, seed: seed, store: store).perform()
    } catch is DemoRun.Interrupted {
      printError("\(isatty(2) == 1 ? "\n" : "")interrupted; nothing is left behind")
      throw ExitCode(1)
    } catch {
      printError("error: \(error)")
      throw ExitCode(1)
    }
    if isatty(2) == 1 { printError("") }
    for line in DemoSummary(result: result, store: store).lines { print(line.text(inColour: Terminal.isColourful)) }
    if !result.deviations.isEmpty { throw ExitCode(1) }
  }
}
