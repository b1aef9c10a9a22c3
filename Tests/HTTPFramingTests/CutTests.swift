/// However the network cuts a connection's bytes, the same messages are read and the same refusals given.

import HTTPFraming
import Testing

@Suite struct CutTests {
  private func checkCuts(_ kind: MessageKind, _ bytes: [UInt8], methods: [HTTPMethod] = [.post]) {
    let whole = read(kind, [bytes], methods: methods)
    for cut in 0...bytes.count {
      let pieces = [Array(bytes[..<cut]), Array(bytes[cut...])]
      #expect(read(kind, pieces, methods: methods) == whole, "cut at byte \(cut)")
    }
    #expect(read(kind, bytes.map { [$0] }, methods: methods) == whole, "cut at every byte")
  }

  @Test("requests cut at every byte", arguments: Sample.requests)
  func requests(_ sample: Sample) { checkCuts(.request, sample.bytes) }

  @Test("responses cut at every byte", arguments: Sample.responses)
  func responses(_ sample: Sample) { checkCuts(.response, sample.bytes, methods: sample.methods) }

  @Test("refused messages cut at every byte", arguments: Refusal.all.filter { $0.bytes.count < 2_000 })
  func refusals(_ refusal: Refusal) { checkCuts(refusal.kind, refusal.bytes) }

  @Test("a peer that dies at any byte leaves only whole messages complete", arguments: Sample.requests)
  func peerDies(_ sample: Sample) {
    let whole = read(.request, [sample.bytes])
    for count in 0..<sample.bytes.count {
      let reading = read(.request, [Array(sample.bytes[..<count])])
      #expect(reading.violation == nil)
      let complete = reading.messages.filter(\.isComplete)
      #expect(complete == Array(whole.messages.prefix(complete.count)))
      #expect(complete.count < whole.messages.count || reading.consumed <= count)
      #expect(reading.consumed <= count)
    }
  }
}
