/// From captured bytes to what judge and figures are told.

import Dialects
import Foundation
import NIOCore
import ResponseDiff
import RolloutJudge
import SidecarProxy
import Testing
import TrafficSplit

@testable import crossfade

@Suite("ExchangeComparison")
struct ComparisonTests {
  private let comparer = AnswerComparer(rules: ComparisonRules(text: .init(similarity: 0.5)))

  @Test("each candidate's copy is a pair, with what the baseline's second answer says about its own variation")
  func pairs() {
    let exchange = Captured.exchange(
      Captured.answer(.live, Captured.chat("the quick brown fox")),
      [
        Captured.answer(.shadow, Captured.chat("the quick brown fox")),
        Captured.answer(.noise, Captured.chat("nothing alike at all here")),
        Captured.answer(.shadow, Captured.chat("lorem ipsum dolor sit"), arm: .candidate(1)),
      ])
    let pairs = ExchangeComparison(exchange, by: comparer).pairs
    let at = Captured.at
    #expect(
      pairs.map(\.verdict) == [
        PairComparison(exchange: 0xAB, candidate: .candidate(0), isMismatch: false, noiseMismatch: true, at: at),
        PairComparison(exchange: 0xAB, candidate: .candidate(1), isMismatch: true, noiseMismatch: true, at: at),
      ])
    #expect(pairs.map(\.toolCalls) == [0, 0])
    #expect(pairs[0].noise?.isMismatch == true)
  }

  @Test("an answer that was cut, or whose coding hides it, is held against nobody")
  func incomparable() {
    let whole = Captured.chat("the quick brown fox")
    let baseline = Captured.answer(.live, whole)
    for copy in [
      Captured.answer(.shadow, String(whole.prefix(40)), isCut: true), Captured.answer(.shadow, whole, coding: "br"),
      Captured.answer(.shadow, whole, coding: "gzip"), Captured.answer(.shadow, whole, outcome: .clientGone),
    ] {
      let pairs = ExchangeComparison(Captured.exchange(baseline, [copy]), by: comparer).pairs
      #expect(pairs.map(\.verdict) == [nil])
      #expect(pairs.map(\.comparison.isMismatch) == [false])
    }
    let noise = Captured.answer(.noise, whole, coding: "br")
    let pairs = ExchangeComparison(
      Captured.exchange(baseline, [Captured.answer(.shadow, whole), noise]), by: comparer
    ).pairs
    #expect(pairs[0].verdict?.noiseMismatch == nil && pairs[0].verdict != nil && pairs[0].noise == nil)
  }

  /// `{"choices":[{"index":0,"message":{"content":"hi"},"finish_reason":"stop"}]}`, by gzip.
  private static let gzipped: [UInt8] = Array(
    Data(
      base64Encoded: "H4sIAAAAAAACAw3IMQ6AMAgF0Lv8uYMzVzHGNBUtQ8EIg0nD3fWNb6J1k8YOWidED35BS8Fg93oxaKKZ"
        + "BmuA0AVZcIqK9/3h6qb/etiN3PIDYlfzp0sAAAA=")
      ?? Data())

  @Test("a compressed answer is read as what it says")
  func gzip() throws {
    let answer = Captured.answer(.shadow, "", coding: "gzip", bytes: Self.gzipped)
    let read = ReadAnswer(answer, RequestExpectations(endpoint: .chatCompletions))
    #expect(String(decoding: read.body, as: UTF8.self).hasPrefix(#"{"choices""#))
    #expect(read.content?.choices.first?.text == "hi")
    #expect(!read.isCut)
    let cut = ReadAnswer(
      Captured.answer(.shadow, "", coding: "gzip", bytes: Array(Self.gzipped.prefix(30))),
      RequestExpectations(endpoint: .chatCompletions))
    #expect(cut.content?.choices.first?.text ?? "" != "hi")
  }

  @Test("a stream and a document that say the same are the same, whatever the body looks like")
  func streams() {
    let baseline = Captured.answer(.live, Captured.stream(["the qu", "ick brown", " fox"]), type: "text/event-stream")
    let copy = Captured.answer(.shadow, Captured.stream(["the quick ", "brown fox"]), type: "text/event-stream")
    let comparison = ExchangeComparison(Captured.exchange(baseline, [copy]), by: comparer)
    #expect(comparison.baseline.isStream && comparison.baseline.content?.choices.first?.text == "the quick brown fox")
    #expect(comparison.pairs[0].comparison.differences == [])
  }

  @Test("texts are asked about where they differ, and what comes of it is a mismatch of whoever is too far away")
  func meaning() throws {
    func comparison(_ copy: String, noise: String? = nil) -> ExchangeComparison {
      let copies =
        [Captured.answer(.shadow, Captured.chat(copy))]
        + (noise.map { [Captured.answer(.noise, Captured.chat($0))] } ?? [])
      return ExchangeComparison(
        Captured.exchange(Captured.answer(.live, Captured.chat("a b c")), copies),
        by: AnswerComparer(rules: ComparisonRules()))
    }
    #expect(comparison("a b c").texts == nil)
    #expect(comparison("").texts == nil)
    #expect(comparison("d e f", noise: "a b d").texts == ["a b c", "d e f", "a b d"])
    var judged = comparison("d e f", noise: "a b d")
    judged.add(cosines: [0.4, 0.9], atLeast: 0.85)
    #expect(judged.pairs[0].verdict?.isMismatch == true && judged.pairs[0].verdict?.noiseMismatch == false)
    #expect(judged.pairs[0].comparison.differences[0].kind == .semantic)
    #expect(judged.pairs[0].comparison.distance > 0.5)
    judged = comparison("d e f", noise: "a b d")
    judged.add(cosines: [0.85, 0.1], atLeast: 0.85)
    #expect(judged.pairs[0].verdict?.isMismatch == false && judged.pairs[0].verdict?.noiseMismatch == true)
  }

  @Test("cosines come from the endpoint's vectors, and what it gets wrong is an error")
  func cosines() throws {
    func read(_ body: String, _ count: Int) throws -> [Double] {
      try SemanticAsking.cosines(in: ByteBuffer(string: body), count: count)
    }
    let body = #"{"data":[{"index":1,"embedding":[0,2]},{"index":0,"embedding":[3,0]},{"index":2,"embedding":[1,1]}]}"#
    let found = try read(body, 3)
    #expect(found.count == 2 && found[0] == 0 && abs(found[1] - 0.5.squareRoot()) < 1e-6)
    for (body, count) in [
      (body, 2), ("{}", 2), ("nonsense", 1),
      (#"{"data":[{"index":0,"embedding":[0,0]},{"index":1,"embedding":[1,0]}]}"#, 2),
      (#"{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1,0]}]}"#, 2),
    ] {
      #expect(throws: SemanticAsking.Unusable.self) { try read(body, count) }
    }
  }
}
