/// The mistakes of an emulated gateway, and how it gets worse, by flags.

import ArgumentParser
import GatewayEmulation

struct EmulatedMistakes: ParsableArguments {
  @Option(
    help: ArgumentHelp("Requests refused with --error-status.", valueName: "share"), transform: { try asShare($0) })
  var errorRate = 0.0

  @Option(help: ArgumentHelp("The status of those refusals, 400 to 599.", valueName: "code"))
  var errorStatus = 500

  @Option(help: ArgumentHelp("Their Retry-After. Default: none.", valueName: "seconds"))
  var retryAfter: Int?

  @Option(
    help: ArgumentHelp("How long they take. Default: as answers do.", valueName: "duration"),
    transform: { try asDuration($0) })
  var errorLatency: Duration?

  @Option(
    help: ArgumentHelp("Errors under status 200: as JSON, or as an event of a stream.", valueName: "share"),
    transform: { try asShare($0) })
  var inBodyErrorRate = 0.0

  @Option(
    help: ArgumentHelp("Answers that end without finish reason or terminal event.", valueName: "share"),
    transform: { try asShare($0) })
  var incompleteRate = 0.0

  @Option(
    help: ArgumentHelp("Answers that finish without content.", valueName: "share"), transform: { try asShare($0) })
  var emptyRate = 0.0

  @Option(
    help: ArgumentHelp(
      "What else goes wrong, down to the bytes: reset-before-head, hang-mid-body:100, cut-mid-event, flood:1000000 "
        + "and more; `--fault list` names them all.", valueName: "fault"),
    transform: { try asListed($0, as: asFault) })
  var fault: Listed<Fault>?

  @Option(
    help: ArgumentHelp(
      "Of the requests that no other rate strikes, those that --fault does. Default: 100%.", valueName: "share"),
    transform: { try asShare($0) })
  var faultRate: Double?

  @Option(
    help: ArgumentHelp(
      "What an answer that arrives whole says wrongly, and how often: drop-tool-arguments:5%, other-language:5%, "
        + "break-json:3%, no-usage:100% and more; repeat for more. `--mistake list` names them all.",
      valueName: "mistake:share"),
    transform: { try asListed($0, as: asMistake) })
  var mistake: [Listed<MistakeShare>] = []

  @Option(help: ArgumentHelp("The first so many requests get --error-status.", valueName: "count"))
  var failFirst: Int?

  func validate() throws {
    guard (400...599).contains(errorStatus) else { throw ValidationError("--error-status takes 400 to 599") }
    if let retryAfter, !(0...86_400).contains(retryAfter) { throw ValidationError("--retry-after takes 0 to 86400") }
    if let failFirst, failFirst < 1 { throw ValidationError("--fail-first takes 1 or more") }
    if faultRate != nil, fault == nil { throw ValidationError("--fault-rate needs --fault, which says what happens") }
    let struck = mistake.compactMap(\.value?.mistake)
    if let twice = struck.first(where: { one in struck.count { $0 == one } > 1 }) {
      throw ValidationError("--mistake \(twice.rawValue) is given twice")
    }
    guard errorRate + inBodyErrorRate + incompleteRate + emptyRate <= 1 else {
      throw ValidationError(
        "--error-rate, --in-body-error-rate, --incomplete-rate and --empty-rate are together more than 100%")
    }
  }

  func apply(to behavior: inout GatewayBehavior) {
    behavior.errorRate = errorRate
    behavior.errorStatus = errorStatus
    behavior.errorRetryAfterSeconds = retryAfter
    behavior.errorLatency = errorLatency.map { .fixed($0) }
    behavior.inBodyErrorRate = inBodyErrorRate
    behavior.incompleteRate = incompleteRate
    behavior.emptyRate = emptyRate
    behavior.fault = fault?.value ?? .none
    behavior.faultRate = faultRate ?? 1
    behavior.failFirst = failFirst
    behavior.mistakes = mistake.compactMap(\.value)
  }

  /// The list that `--fault list` and `--mistake list` print; nil where neither is asked for.
  var list: String? {
    var lines: [String] = []
    if fault == .list { lines += Fault.forms }
    if mistake.contains(.list) { lines += Mistake.allCases.map { "\($0.rawValue):SHARE" } }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }
}

struct EmulatedDegradation: ParsableArguments {
  @Option(
    help: ArgumentHelp("When it gets worse: after a time (30s) or after so many requests (200req).", valueName: "when"),
    transform: { try asMoment($0) })
  var degradeAfter: BehaviorChange.Trigger?

  @Option(
    help: ArgumentHelp("From then on, requests refused with --error-status.", valueName: "share"),
    transform: { try asShare($0) })
  var degradedErrorRate: Double?

  @Option(
    help: ArgumentHelp("From then on, the latency.", valueName: "duration"), transform: { try asDuration($0) })
  var degradedLatency: Duration?

  @Option(
    help: ArgumentHelp("From then on, what happens to every request that no rate strikes.", valueName: "fault"),
    transform: { try asFault($0) })
  var degradedFault: Fault?

  @Option(
    help: ArgumentHelp("When it is well again: as --degrade-after, counted from the start.", valueName: "when"),
    transform: { try asMoment($0) })
  var recoverAfter: BehaviorChange.Trigger?

  func validate() throws {
    let changesNothing = degradedErrorRate == nil && degradedLatency == nil && degradedFault == nil
    if degradeAfter == nil, !changesNothing {
      throw ValidationError("--degraded-… needs --degrade-after, such as 30s or 200req")
    }
    if degradeAfter != nil, changesNothing {
      throw ValidationError("--degrade-after needs --degraded-error-rate, --degraded-latency or --degraded-fault")
    }
    guard let recoverAfter else { return }
    guard let degradeAfter else { throw ValidationError("--recover-after needs --degrade-after") }
    guard recoverAfter.canFollow(degradeAfter) else {
      throw ValidationError("--recover-after must come after --degrade-after; both count from the start")
    }
  }

  /// - Parameter sigma: the spread that the degraded latency keeps.
  func changes(of healthy: GatewayBehavior, sigma: Double) -> [BehaviorChange] {
    guard let degradeAfter else { return [] }
    var degraded = healthy
    if let degradedErrorRate {
      degraded.errorRate = degradedErrorRate
      (degraded.inBodyErrorRate, degraded.incompleteRate, degraded.emptyRate) = remaining(healthy, degradedErrorRate)
    }
    if let degradedLatency { degraded.latency = EmulatedSpeed.shape(degradedLatency, sigma: sigma) }
    if let degradedFault { (degraded.fault, degraded.faultRate) = (degradedFault, 1) }
    degraded.failFirst = nil
    var recovered = healthy
    recovered.failFirst = nil
    return [BehaviorChange(after: degradeAfter, behavior: degraded)]
      + (recoverAfter.map { [BehaviorChange(after: $0, behavior: recovered)] } ?? [])
  }

  /// The other rates keep what the errors leave of 100%.
  private func remaining(_ healthy: GatewayBehavior, _ errorRate: Double) -> (Double, Double, Double) {
    let inBody = min(healthy.inBodyErrorRate, 1 - errorRate)
    let incomplete = min(healthy.incompleteRate, 1 - errorRate - inBody)
    return (inBody, incomplete, min(healthy.emptyRate, 1 - errorRate - inBody - incomplete))
  }
}

extension BehaviorChange.Trigger {
  /// False where it certainly comes first; a time and a number of requests cannot be compared.
  fileprivate func canFollow(_ other: BehaviorChange.Trigger) -> Bool {
    switch (other, self) {
    case (.elapsed(let first), .elapsed(let second)): second > first
    case (.requests(let first), .requests(let second)): second > first
    default: true
    }
  }
}
