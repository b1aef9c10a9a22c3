/// How fast an emulated gateway is, by flags.

import ArgumentParser
import GatewayEmulation

struct EmulatedSpeed: ParsableArguments {
  @Option(
    help: ArgumentHelp("To the first byte, or to the first token of a stream; the median.", valueName: "duration"),
    transform: { try asDuration($0) })
  var latency = Duration.zero

  @Option(
    help: ArgumentHelp(
      "How wide latencies spread (log-normal): at 0.4 the p95 is about twice the median. 0: all alike.",
      valueName: "number"))
  var sigma = 0.0

  @Option(help: ArgumentHelp("Content events of a stream. Default: one for each word.", valueName: "count"))
  var streamEvents: Int?

  @Option(
    help: ArgumentHelp("Between two events of a stream.", valueName: "duration"), transform: { try asDuration($0) })
  var eventInterval = Duration.zero

  func validate() throws {
    guard (0...5).contains(sigma) else { throw ValidationError("--sigma takes 0 to 5") }
    if sigma > 0, latency == .zero { throw ValidationError("--sigma needs --latency, the median that it spreads") }
    if let streamEvents, !(1...100_000).contains(streamEvents) {
      throw ValidationError("--stream-events takes 1 to 100000")
    }
  }

  func apply(to behavior: inout GatewayBehavior) {
    behavior.latency = Self.shape(latency, sigma: sigma)
    behavior.streamEventCount = streamEvents
    behavior.streamEventInterval = eventInterval
  }

  static func shape(_ median: Duration, sigma: Double) -> LatencyShape {
    sigma > 0 ? .lognormal(median: median, sigma: sigma) : .fixed(median)
  }
}
