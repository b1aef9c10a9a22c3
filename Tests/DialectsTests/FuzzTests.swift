/// Bytes from nowhere: whatever comes, nothing traps, and how it is cut changes nothing.

import Testing

@testable import Dialects

@Suite("Any bytes")
struct FuzzTests {
  private static let seeds: [String] =
    [
      Chat.stream, Chat.body, Chat.roleOnly + Chat.usageWithChoice + Chat.error, Messages.stream, Messages.body,
      Messages.error,
      Responses.stream, Responses.failed + Responses.incomplete,
      Chat.li + Chat.ma + Chat.li + Chat.ma + Chat.li + Chat.finish, Messages.start + Messages.text + Messages.text,
      Responses.text + Responses.text + Responses.text + Responses.completed,
    ] + AnswerErrorTests.shapes.map(\.body)

  private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
    let alphabet = Array("{}[]\",:\\\n\r dataevnt:0123.eE-unullDONE".utf8)
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      let at = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes.insert(alphabet.randomElement(using: &random)!, at: at)
      case 1 where at < bytes.count: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 2 where at < bytes.count: bytes.remove(at: at)
      case 3: bytes.removeSubrange(at..<min(at + Int.random(in: 0...40, using: &random), bytes.count))
      default:
        bytes.insert(contentsOf: bytes[at..<min(at + 60, bytes.count)], at: Int.random(in: 0...at, using: &random))
      }
    }
  }

  private func check(_ bytes: [UInt8], _ random: inout SplitMix64) -> Bool {
    let reading = AnswerCase(
      endpoint: (Endpoint.allCases + [nil]).randomElement(using: &random)!,
      status: [200, 400, 500].randomElement(using: &random)!,
      format: [AnswerFormat.eventStream, .json, .other].randomElement(using: &random)!)
    let whole = reading.read(bytes, cuts: []).facts
    let cuts = (0..<6).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
    for end in TransportEnd.allCases {
      let ending = AttemptEnding(
        transport: end, status: reading.status, endpoint: reading.endpoint, answer: AnswerSigns(whole),
        expectsStream: true)
      _ = outcome(of: ending)
    }
    return whole == reading.read(bytes, cuts: cuts).facts
      && whole == reading.read(bytes, cuts: Array(0...bytes.count)).facts
  }

  @Test("mutated answers read the same however they are cut", arguments: 0..<8 as Range<UInt64>)
  func mutatedAnswers(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for round in 0..<200 {
      var bytes = Array(Self.seeds.randomElement(using: &random)!.utf8)
      mutate(&bytes, &random)
      guard check(bytes, &random) else {
        Issue.record("seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
        return
      }
    }
  }

  @Test("random bytes are read without a trap, as answers and as requests")
  func randomBytes() {
    var random = SplitMix64(seed: 99)
    for _ in 0..<1_500 {
      let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(check(bytes, &random))
      #expect(RequestReader(fields: ["a.b"]).read(bytes) == nil)
      _ = headerCost(bytes.span.bytes)
      _ = AnswerFormat.contentType(bytes.span.bytes)
      _ = Endpoint(pathAfterVersion: bytes.span.bytes)
    }
  }

  @Test("a mutated request that is read can be edited, and is read again")
  func mutatedRequests() {
    let seeds = [
      Chat.body,
      #"{"model":"a","messages":[{"role":"system","content":"s"},{"role":"user","content":"u"}],"tools":[{"type":"x"}],"stream_options":{"include_usage":true},"metadata":{"team":"x"}}"#,
    ]
    var random = SplitMix64(seed: 7)
    var read = 0
    for _ in 0..<20_000 {
      var bytes = Array(seeds.randomElement(using: &random)!.utf8)
      mutate(&bytes, &random)
      guard let facts = RequestReader(fields: ["metadata.team"]).read(bytes) else { continue }
      read += 1
      let edited = BodyEdit.apply(
        facts.edits(model: "m", under: BodyPolicy(dropping: ["id", "tools", "metadata"]), in: bytes.span.bytes),
        to: bytes.span.bytes)
      #expect(RequestReader().read(edited) != nil)
    }
    #expect(read > 500)
  }
}
