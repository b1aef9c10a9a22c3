/// When a connection that closes under a request may be replaced: only where the arm had given it up before.

import RolloutJudge
import Testing

@testable import SidecarProxy

@Suite struct ConnectionLossTests {
  private static let ms: Int64 = 1_000_000

  private func loss(
    idled: Int64, keptFor: Int64 = .max, wasReused: Bool = true, sawBytes: Bool = false,
    wasUnread: Bool = false
  )
    -> ConnectionLoss
  {
    ConnectionLoss(
      reason: "closed", sawBytes: sawBytes, wasReused: wasReused, wasUnread: wasUnread, idled: idled, keptFor: keptFor,
      roundTrip: Self.ms)
  }

  @Test("one that idled for a second, and ends at once, was given up; one that was used just now was not")
  func idleTime() {
    let limits = ProxyLimits()
    #expect(loss(idled: 1_000 * Self.ms).isStale(after: Self.ms, limits))
    #expect(!loss(idled: 999 * Self.ms).isStale(after: Self.ms, limits))
    #expect(!loss(idled: 0).isStale(after: 0, limits))
  }

  @Test("a request that cannot have reached the arm was not read, however short the connection idled")
  func unread() {
    let limits = ProxyLimits()
    #expect(loss(idled: 0, wasUnread: true).isStale(after: 60_000 * Self.ms, limits))
    #expect(!loss(idled: 0, sawBytes: true, wasUnread: true).isStale(after: 0, limits))
    #expect(!loss(idled: 0, wasReused: false, wasUnread: true).isStale(after: 0, limits))
  }

  @Test("an arm that was seen to close idle connections sooner is believed to do so again")
  func learnt() {
    let limits = ProxyLimits()
    #expect(loss(idled: 2 * Self.ms, keptFor: 8 * Self.ms).isStale(after: Self.ms, limits))
    #expect(!loss(idled: Self.ms, keptFor: 8 * Self.ms).isStale(after: Self.ms, limits))
    #expect(loss(idled: 1_000 * Self.ms, keptFor: 3_600_000 * Self.ms).isStale(after: Self.ms, limits))
  }

  @Test("later than its word takes to come, after a byte, or on a fresh connection the arm may have begun to act")
  func mayHaveActed() {
    let limits = ProxyLimits()
    #expect(loss(idled: 5_000 * Self.ms).isStale(after: 20 * Self.ms, limits))
    #expect(!loss(idled: 5_000 * Self.ms).isStale(after: 21 * Self.ms, limits))
    #expect(!loss(idled: 5_000 * Self.ms, sawBytes: true).isStale(after: Self.ms, limits))
    #expect(!loss(idled: 5_000 * Self.ms, wasReused: false).isStale(after: Self.ms, limits))
  }

  @Test("a few replays are the network's; beyond one in a hundred attempts they are the arm's")
  func allowance() {
    var allowance = ReplayAllowance()
    for _ in 1...200 { allowance.attemptBegan() }
    #expect((1...6).map { _ in allowance.take() } == [true, true, true, true, true, false])
    var leaving = ReplayAllowance()
    for _ in 1...80 { leaving.idleClosed() }
    #expect(
      (1...12).map { _ in leaving.take() }.count { $0 } == 10, "one that closes idle connections may cross requests")
    var busy = ReplayAllowance()
    for _ in 1...1_000 { busy.attemptBegan() }
    let taken = (1...20).map { _ in busy.take() }
    #expect(taken.count { $0 } == 10)
  }
}
