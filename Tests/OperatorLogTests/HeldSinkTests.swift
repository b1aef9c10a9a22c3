/// A sink that lets something else be said first.

import Testing

@testable import OperatorLog

@Suite struct HeldSinkTests {
  @Test("what is written early comes after the greeting, what is written late passes at once") func order() {
    let memory = MemorySink(isTerminal: true)
    let held = HeldSink(memory)
    #expect(held.isTerminal)
    #expect(held.write(Array("first\n".utf8)))
    #expect(memory.lines == [])
    held.release(after: ["hello"])
    #expect(held.write(Array("second\n".utf8)))
    held.release(after: ["again"])
    #expect(memory.lines == ["hello\n", "first\n", "second\n"])
  }

  @Test("a crowd of early lines is refused, so that it is counted") func bound() {
    let held = HeldSink(MemorySink())
    let taken = (0..<200).count { _ in held.write([10]) }
    #expect(taken == 100)
  }
}
