/// The command line of `crossfade probe`, and whose keys it may use.

import ArgumentParser
import RolloutJudge
import Testing

@testable import crossfade

struct ProbeCommandTests {
  @Test(
    "what it cannot do is refused before anything is sent",
    arguments: [
      ["--requests", "0"], ["--requests", "101"], ["--timeout", "1ms"], ["--timeout", "soon"],
    ])
  func refused(_ arguments: [String]) {
    #expect(throws: (any Error).self) { try Probe.parse(["playbook.yaml"] + arguments) }
  }

  @Test("without --yes it spends nothing")
  func defaults() throws {
    let probe = try Probe.parse(["playbook.yaml"])
    #expect(!probe.yes)
    #expect(!probe.useProxy)
    #expect(probe.requests == 5)
  }

  @Test("a key for the baseline that is not there is said, not guessed")
  func keys() throws {
    let url = ArmURL(isTLS: true, host: "example.com", port: 443, basePath: "/v1")
    let other = Arm(name: "a", vendor: "together", url: url)
    #expect(try baselineKey(of: other, option: nil) == nil, "OpenRouter's key is for OpenRouter alone")
    #expect(throws: ExitCode(2)) { try baselineKey(of: other, option: "CROSSFADE_TEST_NO_SUCH_VARIABLE") }
    #expect(try baselineKey(of: other, option: "PATH") != nil)
  }
}
