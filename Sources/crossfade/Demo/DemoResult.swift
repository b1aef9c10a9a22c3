/// How the demo went, in figures taken where each thing happened, and whether that is the story that was to be told.

import RolloutJudge

struct DemoResult: Sendable, Equatable {
  var baseline = "stable"
  var candidate = "challenger"
  /// The rollback as the admin endpoints showed it last.
  var rollback: Decision?
  /// Why the story ended early, if it did.
  var failure: String?
  /// Since the candidate broke, until the rollback was in force.
  var exposure: Duration?
  /// The time from the end of the last failure that the rollback rests on until it was in force.
  var reaction: Duration?
  var clients = ClientView()
  var gateways = GatewayAccount()
  /// Sent after the rollback was in force, and those of them that met the candidate.
  var sentAfter = 0
  var sentAfterToCandidate = 0
  /// How long traffic was watched after the rollback.
  var aftermath = Duration.zero
  var elapsed = Duration.zero

  /// The things that did not go as they were to be told; empty: the story holds.
  var deviations: [String] {
    var deviations: [String] = []
    if let failure { deviations.append(failure) }
    if rollback == nil, failure == nil { deviations.append("\(candidate) was not rolled back") }
    if let rollback {
      if rollback.actor != "crossfade" { deviations.append("\(rollback.actor) rolled it back, not Crossfade") }
      if rollback.metric != .errorRate {
        deviations.append(
          "it was rolled back for \(rollback.metric?.rawValue ?? "no metric"), but its errors were the fault")
      }
    }
    for (what, count) in clients.errors.sorted(by: { $0.key < $1.key }) {
      deviations.append("clients saw \(FigureText.counted(count, "error")): \(what)")
    }
    if sentAfterToCandidate > 0 {
      let requests = FigureText.counted(sentAfterToCandidate, "request")
      deviations.append("\(requests) sent after the rollback met \(candidate)")
    }
    if gateways.keysAtChallenger > 0 {
      deviations.append(
        "\(candidate) saw the application's key \(FigureText.counted(gateways.keysAtChallenger, "time"))")
    }
    return deviations
  }
}
