/// The account that a replay's budget is held by.

import Dialects
import RolloutJudge
import SidecarProxy
import Testing
import TrafficSplit

@testable import crossfade

struct ReplayLedgerTests {
  private static func batch(_ ends: [(UInt64, Population, Double?)]) -> LedgerBatch {
    var batch = LedgerBatch()
    batch.entries = ends.map { exchange, population, cost in
      .ended(
        AttemptEnd(
          attempt: exchange, exchange: exchange, arm: population == .live ? .baseline : .candidate(0),
          population: population, outcome: .ok, at: Instant(nanoseconds: 0), latency: 1, ttft: nil, cost: cost,
          isRetry: false, isNormalFinish: true))
    }
    return batch
  }

  @Test("what a request may cost is set aside before it is sent")
  func expected() async throws {
    let ledger = ReplayLedger(budget: 1)
    try await ledger.admit(expected: 0.6)
    await ledger.receive(Self.batch([(1, .shadow, 0.5)]))
    await #expect(throws: ReplayLedger.Stop.budgetSpent) { try await ledger.admit(expected: 0.6) }
    try await ledger.admit(expected: 0.5)
    await ledger.receive(Self.batch([(2, .shadow, 0.5)]))
    await #expect(throws: ReplayLedger.Stop.budgetSpent) { try await ledger.admit(expected: 0) }
    #expect(await ledger.figures.sent == 2)
  }

  @Test("where it cannot be known, as much as the dearest so far is set aside")
  func dearest() async throws {
    let ledger = ReplayLedger(budget: 1)
    try await ledger.admit(expected: nil)
    await ledger.receive(Self.batch([(1, .shadow, 0.7)]))
    await #expect(throws: ReplayLedger.Stop.budgetSpent) { try await ledger.admit(expected: nil) }
  }

  @Test("an answer without a cost ends it, but only where there is a budget")
  func unknown() async throws {
    let held = ReplayLedger(budget: 1)
    try await held.admit(expected: nil)
    await held.receive(Self.batch([(1, .shadow, nil)]))
    await #expect(throws: ReplayLedger.Stop.costUnknown) { try await held.admit(expected: nil) }
    let free = ReplayLedger(budget: nil)
    await free.receive(Self.batch([(1, .shadow, nil)]))
    try await free.admit(expected: nil)
  }

  @Test("the baseline's answers cost where it was asked, whichever is told first, and not where they were played")
  func baseline() async throws {
    let ledger = ReplayLedger(budget: nil)
    await ledger.receive(Self.batch([(1, .live, 0.25), (2, .live, 9)]))
    await ledger.answered(exchange: 1, status: 200, wasAsked: true)
    await ledger.answered(exchange: 2, status: 200, wasAsked: false)
    await ledger.answered(exchange: 3, status: 200, wasAsked: true)
    await ledger.receive(Self.batch([(3, .live, 0.5)]))
    #expect(await ledger.figures.spent == 0.75)
    #expect(await ledger.figures.candidateCost == 0)
  }

  @Test("it is settled when every request has come to both of its ends")
  func settled() {
    var figures = ReplayFigures()
    #expect(figures.isSettled)
    figures.sent = 2
    figures.answered = 2
    figures.baselineEnded = 2
    figures.outcomes = ["ok": 1]
    #expect(!figures.isSettled)
    figures.dropped = ["in_flight": 1]
    #expect(figures.isSettled)
  }

  @Test("who waits is woken when it is over")
  func stopped() async {
    let ledger = ReplayLedger(budget: nil)
    async let waiting: Void = ledger.wait { $0.sent > 0 }
    await ledger.stop()
    await waiting
  }
}
