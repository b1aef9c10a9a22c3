import Dialects
import Testing

@Suite struct WholeEventsTests {
  private func read(_ stream: String, cuts: [Int]) -> [String] {
    let bytes = Array(stream.utf8)
    var events = WholeEvents()
    var found: [String] = []
    var start = 0
    for end in cuts + [bytes.count] {
      events.read(Array(bytes[start..<end]).span.bytes) { found.append("\($0)|\(String(decoding: $1, as: UTF8.self))") }
      start = end
    }
    events.finish { found.append("\($0)|\(String(decoding: $1, as: UTF8.self))") }
    return found
  }

  @Test("events are handed over whole, however the stream is cut", arguments: ["\n", "\r\n", "\r"])
  func cuts(_ newline: String) {
    let stream = [": c", "event: a", "data: 1", "data:2", "", "id: 7", "", "data: é", "", "event: b", "", "data: last"]
      .joined(separator: newline)
    let expected = ["a|1\n2", "|é", "|last"]
    for cut in 0...stream.utf8.count { #expect(read(stream, cuts: [cut]) == expected) }
    #expect(read(stream, cuts: Array(0...stream.utf8.count)) == expected)
  }

  @Test("an event that is too long is not kept, and nothing comes after it")
  func tooLong() {
    var events = WholeEvents()
    var count = 0
    let line = Array("data: \(String(repeating: "x", count: 1000))\n".utf8)
    for _ in 0..<2000 { events.read(line.span.bytes) { _, _ in count += 1 } }
    #expect(events.isTooLong)
    events.read(Array("\n\ndata: 1\n\n".utf8).span.bytes) { _, _ in count += 1 }
    #expect(count == 0)
  }
}
