/// Slips on the command line are met with what was meant.

import Testing

@testable import crossfade

@Suite struct CommandLineTests {
  @Test(
    "an address is a host and a port, or a port of this machine's own",
    arguments: [
      ("127.0.0.1:8787", "127.0.0.1", 8787), ("[::1]:8787", "::1", 8787), (":8787", "127.0.0.1", 8787),
      ("8787", "127.0.0.1", 8787),
    ])
  func address(_ argument: String, _ host: String, _ port: Int) {
    let address = ListenAddress(argument: argument)
    #expect(address?.host == host && address?.port == port)
  }

  @Test("what is neither is refused", arguments: ["", "localhost", "70000", "-1", "a:b", "127.0.0.1:"])
  func noAddress(_ argument: String) { #expect(ListenAddress(argument: argument) == nil) }

  @Test(
    "a command that is none gets the nearest",
    arguments: [
      ("chek", "check"), ("staus", "status"), ("simluate", "simulate"), ("rearn", "rearm"), ("vendor", "vendors"),
      ("hepl", "help"),
    ])
  func slip(_ word: String, _ command: String) { #expect(Crossfade.commandMeant(by: word) == command) }

  @Test(
    "a command, an option and a word like none are left to the parser", arguments: ["run", "--help", "-h", "xyzzy"])
  func noSlip(_ word: String) { #expect(Crossfade.commandMeant(by: word) == nil) }
}
