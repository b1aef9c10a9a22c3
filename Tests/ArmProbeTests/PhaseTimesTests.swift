/// Medians and what a hop adds.

import Testing

@testable import ArmProbe

struct PhaseTimesTests {
  private static func transfer(_ milliseconds: Int, opened: Int = 1, isTLS: Bool = true) -> Transfer {
    let times = TransferTimes(
      nameLookup: .milliseconds(milliseconds), connect: .milliseconds(milliseconds * 3),
      handshake: isTLS ? .milliseconds(milliseconds * 6) : .zero, ready: .milliseconds(milliseconds * 6),
      firstByte: .milliseconds(milliseconds * 10), firstToken: nil, total: .milliseconds(milliseconds * 15))
    return Transfer(
      times: times, status: 200, httpVersion: "1.1", remoteAddress: nil, openedConnections: opened, certificates: [],
      body: [], facts: nil, failure: nil)
  }

  @Test("phases are what lies between libcurl's moments")
  func phases() throws {
    let times = try #require(PhaseTimes([Self.transfer(1)]))
    #expect(
      times.medians == [
        .dns: .milliseconds(1), .connect: .milliseconds(2), .tls: .milliseconds(3), .firstByte: .milliseconds(4),
        .total: .milliseconds(15),
      ])
  }

  @Test("what did not happen has no median")
  func missing() throws {
    let kept = try #require(PhaseTimes([Self.transfer(1, opened: 0)]))
    #expect(Set(kept.medians.keys) == [.firstByte, .total])
    let plain = try #require(PhaseTimes([Self.transfer(1, isTLS: false)]))
    #expect(plain[.tls] == nil)
    #expect(PhaseTimes([]) == nil)
  }

  @Test("an outlier does not move the median, and an even number takes the middle")
  func median() throws {
    #expect(try #require(PhaseTimes([1, 2, 900].map { Self.transfer($0) }))[.dns] == .milliseconds(2))
    #expect(try #require(PhaseTimes([1, 2, 4, 900].map { Self.transfer($0) }))[.dns] == .milliseconds(3))
  }

  @Test("the tax is by phase, below zero where the candidate is nearer, and absent where either lacks the phase")
  func tax() throws {
    let near = try #require(PhaseTimes([Self.transfer(1, isTLS: false)]))
    let far = try #require(PhaseTimes([Self.transfer(5)]))
    #expect(far.tax(over: near)[.dns] == .milliseconds(4))
    #expect(near.tax(over: far)[.total] == .milliseconds(-60))
    #expect(far.tax(over: near)[.tls] == nil)
  }
}
