import RolloutJudge
import Testing

@testable import OperatorLog

@Suite("LineBudget")
struct LineBudgetTests {
  private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

  @Test("A window holds its lines and says afterwards what it left out")
  func window() {
    var budget = LineBudget()
    for _ in 0..<2 { #expect(budget.lineArrived(.fallback, allowed: 2, at: at(0)) == .allowed(suppressed: 0)) }
    for _ in 0..<3 { #expect(budget.lineArrived(.fallback, allowed: 2, at: at(999)) == .suppressed) }
    #expect(budget.lineArrived(.fallback, allowed: 2, at: at(1000)) == .allowed(suppressed: 3))
    #expect(budget.lineArrived(.fallback, allowed: 2, at: at(1001)) == .allowed(suppressed: 0))
    #expect(budget.lineArrived(.fallback, allowed: 2, at: at(1002)) == .suppressed)
  }

  @Test("Kinds do not share a budget")
  func kinds() {
    var budget = LineBudget()
    #expect(budget.lineArrived(.fallback, allowed: 1, at: at(0)) == .allowed(suppressed: 0))
    #expect(budget.lineArrived(.fallback, allowed: 1, at: at(0)) == .suppressed)
    #expect(budget.lineArrived(.notice, allowed: 1, at: at(0)) == .allowed(suppressed: 0))
  }
}
