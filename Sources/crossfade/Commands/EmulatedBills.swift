/// What an emulated OpenRouter says afterwards of its answers, by flags.

import ArgumentParser
import GatewayEmulation

struct EmulatedBills: ParsableArguments {
  @Option(
    help: ArgumentHelp("From an answer to its record; asked after sooner, it is 404.", valueName: "duration"),
    transform: { try asDuration($0) })
  var billAfter = Duration.seconds(1)

  @Option(
    help: ArgumentHelp("Billed beyond what the answer said.", valueName: "share"), transform: { try asShare($0) })
  var billDrift = 0.0

  @Option(
    help: ArgumentHelp(
      "none, missing: no record is ever there, refused: the key may not ask, limited: every other question is 429, silent: no "
        + "question is answered.",
      valueName: "kind"), transform: { try asWord($0) })
  var billFault = BillManners.Fault.none

  func apply(to behavior: inout GatewayBehavior) {
    behavior.bills = BillManners(after: billAfter, drift: billDrift, fault: billFault)
  }
}
