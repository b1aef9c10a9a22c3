/// Ends come in the order of time, and those of one moment in the order of starting.

import Testing

@testable import RolloutSimulation

@Suite struct EndQueueTests {
  @Test("Whatever the order of pushing, ends come in the order of time")
  func order() {
    var generator = SeededGenerator(seed: 1)
    var queue = EndQueue<Int64>()
    var expected: [Int64] = []
    var popped: [Int64] = []
    for _ in 0..<2000 {
      let at = Int64(generator.next() % 500)
      queue.push(at, at: at)
      expected.append(at)
      if generator.unit() < 0.4 {
        let next = queue.next
        let value = queue.pop()
        #expect(value == next)
        #expect(value == expected.min())
        expected.remove(at: expected.firstIndex(of: value)!)
      }
    }
    while queue.next != .max { popped.append(queue.pop()) }
    #expect(popped == expected.sorted())
    #expect(queue.count == 0)
  }

  @Test("Ends of one moment come in the order of starting")
  func ties() {
    var queue = EndQueue<Int>()
    for number in 0..<100 { queue.push(number, at: Int64(number % 2)) }
    let popped = (0..<100).map { _ in queue.pop() }
    #expect(popped == Array(stride(from: 0, to: 100, by: 2)) + Array(stride(from: 1, to: 100, by: 2)))
  }
}
