import Testing

@testable import AdminServer

@Suite struct CrowdMachineTests {
  private static let second: Int64 = 1_000_000_000

  @Test("a newcomer gets the place of the one that has waited longest")
  func eviction() {
    var crowd = CrowdMachine<Int>(places: 4)
    for id in 1...4 { #expect(crowd.opened(id, at: 0) == nil) }
    #expect(crowd.headRead(1, isReserved: false, at: 1) == true)
    #expect(crowd.opened(5, at: 2) == 2, "1 is being answered")
    crowd.answered(1, at: 3)
    #expect(crowd.opened(6, at: 4) == 3)
    #expect(crowd.opened(7, at: 5) == 4)
    #expect(crowd.opened(8, at: 6) == 5)
    #expect(crowd.opened(9, at: 7) == 1, "its wait began when it had its answer")
    #expect(crowd.count == 4)
  }

  @Test("where all are being answered, the newcomer gets the place of the first of them")
  func allAnswering() {
    var crowd = CrowdMachine<Int>(places: 4)
    for id in 1...4 {
      _ = crowd.opened(id, at: 0)
      #expect(crowd.headRead(id, isReserved: true, at: 0) == true)
    }
    #expect(crowd.opened(5, at: 1) == 1)
  }

  @Test("a quarter of the places is kept for probes and commands")
  func reserved() {
    var crowd = CrowdMachine<Int>(places: 8)
    for id in 1...6 {
      _ = crowd.opened(id, at: 0)
      #expect(crowd.headRead(id, isReserved: false, at: 0) == true)
    }
    _ = crowd.opened(7, at: 0)
    #expect(crowd.headRead(7, isReserved: false, at: 0) == false)
    #expect(crowd.headRead(7, isReserved: true, at: 0) == true)
    crowd.answered(1, at: 0)
    _ = crowd.opened(8, at: 0)
    #expect(crowd.headRead(8, isReserved: false, at: 0) == true)
  }

  @Test("a head has five seconds from the opening, or from its own first byte; a pause between two requests has sixty")
  func times() {
    var crowd = CrowdMachine<Int>(places: 4)
    _ = crowd.opened(1, at: 0)
    _ = crowd.opened(2, at: 0)
    #expect(crowd.headRead(2, isReserved: false, at: 0) == true)
    crowd.answered(2, at: 0)
    crowd.heard(1, at: 4 * Self.second)
    #expect(crowd.overdue(at: 5 * Self.second - 1) == [])
    #expect(crowd.overdue(at: 5 * Self.second) == [1], "bytes that trickle change nothing")
    crowd.heard(2, at: 50 * Self.second)
    #expect(crowd.overdue(at: 54 * Self.second) == [])
    #expect(crowd.overdue(at: 55 * Self.second) == [2])
    _ = crowd.opened(3, at: 0)
    #expect(crowd.headRead(3, isReserved: false, at: 0) == true)
    #expect(crowd.overdue(at: 29 * Self.second) == [])
    #expect(crowd.overdue(at: 30 * Self.second) == [3], "an answer that nobody reads ends, too")
    #expect(crowd.count == 0)
  }

  @Test("the date of an answer is written as HTTP writes it")
  func date() {
    #expect(HTTPDate.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(HTTPDate.text(0) == "Thu, 01 Jan 1970 00:00:00 GMT")
  }
}
