/// The command line of `crossfade replay`.

import ArgumentParser
import Testing

@testable import crossfade

struct ReplayCommandTests {
  @Test(
    "what it cannot do is refused before anything is read",
    arguments: [
      ["--pace", "fast"], ["--limit", "0"], ["--budget", "nothing"], ["--budget", "-1"],
    ])
  func refused(_ arguments: [String]) {
    #expect(throws: (any Error).self) { try Replay.parse(["playbook.yaml", "--from", "r.jsonl"] + arguments) }
  }

  @Test("without more it goes slowly, and not far")
  func defaults() throws {
    let replay = try Replay.parse(["playbook.yaml", "--from", "r.jsonl", "--budget", "$1.50"])
    #expect(!replay.yes)
    #expect(replay.limit == 100)
    #expect(replay.pace == "2/s")
  }
}
