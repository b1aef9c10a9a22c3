/// Directs the demo: lets the application ask, watches the status as an operator would, breaks the candidate.

import AsyncHTTPClient
import Foundation
import RolloutJudge

struct DemoDirector {
  let pace: DemoPace
  let playbook: Playbook
  let clock: ProcessClock
  let log: DemoLog
  let gateways: DemoGateways
  private let traffic: ApplicationTraffic
  private let tally: ClientTally
  private let admin: AdminClient
  private let startedAt: Instant

  init(
    pace: DemoPace, seed: UInt64, playbook: Playbook, clock: ProcessClock, log: DemoLog, gateways: DemoGateways,
    client: HTTPClient, proxyPort: Int, adminPort: Int, startedAt: Instant
  ) {
    self.pace = pace
    self.playbook = playbook
    self.clock = clock
    self.log = log
    self.gateways = gateways
    tally = ClientTally(candidate: playbook.candidates[0].name)
    traffic = ApplicationTraffic(
      baseURL: "http://127.0.0.1:\(proxyPort)/api/v1", key: DemoGateways.applicationKey, pace: pace, seed: seed,
      clock: clock, tally: tally, client: client)
    admin = AdminClient(base: "http://127.0.0.1:\(adminPort)", token: nil)
    self.startedAt = startedAt
  }

  /// Until the story is over; every request that was sent has its answer then.
  func direct() async throws -> DemoResult {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await traffic.run() }
      let progress = DemoProgress()
      defer { progress.close() }
      do {
        let telling = try await tell(progress)
        traffic.stop()
        try await group.waitForAll()
        return result(of: telling)
      } catch {
        group.cancelAll()
        throw error
      }
    }
  }

  /// The notes taken while the story went on.
  private struct Telling {
    var entries: [DemoEntry] = []
    var recent = RecentFigures()
    var status: RolloutStatus?
    var brokenAt: Instant?
    /// Requests that the candidate had got when it broke.
    var requestsBefore: Int?
    var failure: String?
  }

  private func tell(_ progress: DemoProgress) async throws -> Telling {
    var story = DemoStory(pace: pace)
    var telling = Telling()
    while true {
      try Task.checkCancellation()
      let status = try await admin.status()
      let now = clock.now
      telling.status = status
      telling.recent.add(status.arms, at: now)
      telling.entries += log.takeNew().map {
        DemoEntry(at: max(.zero, $0.heardAt - startedAt), kind: $0.kind, message: $0.message)
      }
      let turn = story.observed(status, at: now - startedAt)
      if turn == .breakCandidate { breakCandidate(&telling, at: now) }
      progress.show(view(status, telling, story.chapter, at: now))
      switch turn {
      case .goOn, .breakCandidate: try await Task.sleep(for: pace.look)
      case .end: return telling
      case .fail(let reason):
        telling.failure = reason
        return telling
      }
    }
  }

  private func breakCandidate(_ telling: inout Telling, at now: Instant) {
    telling.requestsBefore = gateways.breakChallenger()
    telling.brokenAt = now
    let share = FigureText.share(DemoStory.brokenRate)
    telling.entries.append(
      DemoEntry(
        at: now - startedAt, kind: "breaks",
        message: "\(playbook.candidates[0].name) breaks: it answers \(share) of its requests with 503 from now on"))
  }

  private func view(
    _ status: RolloutStatus, _ telling: Telling, _ chapter: DemoStory.Chapter, at now: Instant
  ) -> DemoView {
    DemoView(
      playbook: playbook, pace: pace, chapter: chapter, status: status, now: now, elapsed: now - startedAt,
      clients: tally.view, recent: telling.recent, entries: telling.entries, dashboard: "\(admin.base)/")
  }

  private func result(of telling: Telling) -> DemoResult {
    let end = clock.now
    var result = DemoResult(baseline: playbook.baseline.name, candidate: playbook.candidates[0].name)
    result.failure = telling.failure
    if let last = telling.status?.lastDecision, last.decision == .rollback { result.rollback = last }
    result.clients = tally.view
    result.gateways = gateways.account(brokenAfter: telling.requestsBefore)
    result.elapsed = end - startedAt
    guard let rollback = log.rollback else { return result }
    result.exposure = telling.brokenAt.map { rollback.inForceAt - $0 }
    result.reaction = rollback.lastFailureAt.map { rollback.inForceAt - $0 }
    result.aftermath = end - rollback.inForceAt
    let sent = tally.sent(after: rollback.inForceAt)
    (result.sentAfter, result.sentAfterToCandidate) = (sent.all, sent.toCandidate)
    return result
  }
}
