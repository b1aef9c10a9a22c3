/// How many copies there is room for.

import RolloutJudge
import Testing

@testable import SidecarProxy

@Suite struct ShadowBudgetTests {
  @Test("admits up to its number and says what is in the way beyond it")
  func number() {
    var budget = ShadowBudget(inFlightLimit: 2, byteLimit: 100)
    #expect(budget.admit(bytes: 1) == nil)
    #expect(budget.admit(bytes: 1) == nil)
    #expect(budget.admit(bytes: 1) == .inFlight)
    budget.release(bytes: 1)
    #expect(budget.admit(bytes: 1) == nil)
    #expect(budget.inFlight == 2)
  }

  @Test("admits up to its bytes, to the byte")
  func bytes() {
    var budget = ShadowBudget(inFlightLimit: 9, byteLimit: 100)
    #expect(budget.admit(bytes: 60) == nil)
    #expect(budget.admit(bytes: 41) == .bytes)
    #expect(budget.admit(bytes: 40) == nil)
    #expect(budget.bytes == 100)
    budget.release(bytes: 60)
    #expect(budget.admit(bytes: 60) == nil)
  }

  @Test("what was refused takes no room")
  func refused() {
    var budget = ShadowBudget(inFlightLimit: 1, byteLimit: 10)
    #expect(budget.admit(bytes: 11) == .bytes)
    #expect(budget.inFlight == 0)
    #expect(budget.bytes == 0)
  }
}
