/// What is remembered of an exchange until the application says what became of it.

import Dialects
import MigrationReport
import RolloutJudge
import Testing
import TrafficSplit

@testable import crossfade

@Suite struct ExchangeMemoryTests {
  private func end(_ exchange: UInt64, _ arm: ArmIndex = .baseline, _ population: Population = .live) -> AttemptEnd {
    AttemptEnd(
      attempt: exchange, exchange: exchange, arm: arm, population: population, outcome: .ok,
      at: Instant(nanoseconds: 0), latency: 1, ttft: nil, cost: nil, isRetry: false, isNormalFinish: true)
  }

  private func remember(_ exchanges: Range<UInt64>, in memory: inout ExchangeMemory) {
    for exchange in exchanges { memory.remember(end(exchange), stage: "canary") }
  }

  @Test("what became of an exchange is taken once, for the arm that answered")
  func once() {
    var memory = ExchangeMemory()
    memory.remember(end(0xAB, .candidate(0)), stage: "canary")
    #expect(memory.report(0xAB, success: true)?.arm == .candidate(0))
    #expect(memory.report(0xAB, success: true) == nil)
    #expect(memory.reported[.candidate(0)]?.successes == 1)
  }

  @Test("copies answer nobody, so nothing becomes of them")
  func copies() {
    var memory = ExchangeMemory()
    memory.remember(end(1, .candidate(0), .shadow), stage: "shadow")
    #expect(memory.report(1, success: true) == nil)
  }

  @Test("a generation of later exchanges makes none forgotten, two do")
  func bounds() {
    let generation = UInt64(ExchangeMemory.generation)
    var memory = ExchangeMemory()
    remember(0..<1 + generation, in: &memory)
    #expect(memory.report(0, success: true) != nil)
    remember(1 + generation..<3 * generation, in: &memory)
    #expect(memory.report(1, success: true) == nil)
    #expect(memory.report(2 * generation, success: true) != nil)
  }

  @Test("a rescue names the candidate that had failed, however many exchanges lie between, and takes its place")
  func rescue() {
    let generation = UInt64(ExchangeMemory.generation)
    for between in [0, 1, generation - 1] {
      var memory = ExchangeMemory()
      memory.remember(end(generation, .candidate(1)), stage: "canary")
      remember(0..<between, in: &memory)
      #expect(memory.remember(end(generation, .baseline, .rescue), stage: "canary") == .candidate(1))
      #expect(memory.report(generation, success: true)?.arm == .baseline)
      #expect(memory.report(generation, success: true) == nil)
    }
  }

  @Test("each exchange keeps its own stage and arm, however many stages there were")
  func stages() {
    var memory = ExchangeMemory()
    let count = UInt64(ExchangeMemory.generation) + 100
    for exchange in 0..<count {
      memory.remember(end(exchange, .candidate(Int(exchange % 3))), stage: "s\(exchange % 7)")
    }
    for exchange in [0, 6, 7, count - 100, count - 1] {
      let answer = memory.report(exchange, success: false)
      #expect(answer?.stage == "s\(exchange % 7)")
      #expect(answer?.arm == .candidate(Int(exchange % 3)))
      #expect(answer?.isNormalFinish == true && answer?.isCostKnown == false)
    }
  }

  @Test("exchanges are found by their numbers alone, loops and playbooks apart")
  func numbers() {
    var memory = ExchangeMemory()
    var numbers: [UInt64] = []
    for loop in 0..<4 as Range<UInt64> {
      for serial in 0..<1000 as Range<UInt64> { numbers.append(loop << 56 | (loop % 3) << 44 | serial) }
    }
    for number in numbers { memory.remember(end(number), stage: "ramp") }
    #expect(memory.report(4 << 56, success: true) == nil)
    for number in numbers {
      #expect(memory.report(number, success: true) != nil)
      #expect(memory.report(number, success: true) == nil)
    }
  }

  @Test("a rescue takes no place of its own: as many exchanges are remembered where each is rescued")
  func rescuesTakeNoRoom() {
    let generation = UInt64(ExchangeMemory.generation)
    var memory = ExchangeMemory()
    let count = 2 * generation + generation / 4
    for exchange in 0..<count {
      memory.remember(end(exchange, .candidate(0)), stage: "canary")
      memory.remember(end(exchange, .baseline, .rescue), stage: "canary")
    }
    #expect(memory.report(count - generation, success: true)?.arm == .baseline)
  }
}
