/// Holds every copy's answer to one exchange against the baseline's, and the baseline's second against its first.

import Dialects
import NIOCore
import ResponseDiff
import RolloutJudge
import SidecarProxy

/// Everything that was found in one exchange, before anyone is told.
struct ExchangeComparison: Sendable {
  private(set) var copies: [Copy]
  /// The baseline asked again; nil where it was not.
  private(set) var noise: Copy?
  let baseline: ReadAnswer
  let exchange: CapturedExchange

  struct Copy: Sendable {
    var captured: CapturedAnswer
    var answer: ReadAnswer
    var comparison: AnswerComparison
  }

  init(_ exchange: CapturedExchange, by comparer: AnswerComparer) {
    self.exchange = exchange
    let expectations = RequestExpectations(
      endpoint: exchange.endpoint, body: exchange.request.readableBytesUInt8Span.bytes)
    let baseline = ReadAnswer(exchange.baseline, expectations)
    self.baseline = baseline
    let all = exchange.copies.map { captured in
      var answer = ReadAnswer(captured, expectations)
      // Another dialect has other fields, and the application gets its own.
      if captured.spoken != nil { answer.content?.fields = baseline.content?.fields ?? [] }
      let comparison = comparer.compare(
        baseline: baseline.compared(exchange.baseline), candidate: answer.compared(captured), expectations: expectations
      )
      return Copy(captured: captured, answer: answer, comparison: comparison)
    }
    noise = all.first { $0.captured.end.population == .noise }
    copies = all.filter { $0.captured.end.population == .shadow }
  }

  /// A pair for every copy that went to a candidate.
  var pairs: [ComparedPair] {
    let second = noise.flatMap { $0.comparison.isComparable ? $0.comparison : nil }
    return copies.map { copy in
      let end = copy.captured.end
      let verdict = PairComparison(
        exchange: end.exchange, candidate: end.arm, isMismatch: copy.comparison.isMismatch,
        noiseMismatch: second?.isMismatch, at: exchange.baseline.end.startedAt)
      return ComparedPair(
        verdict: copy.comparison.isComparable ? verdict : nil, comparison: copy.comparison, noise: second,
        toolCalls: copy.answer.content.map { $0.choices.reduce(0) { $0 + $1.toolCalls.count } },
        baseline: exchange.baseline.end, candidate: end, endpoint: exchange.endpoint)
    }
  }

  // MARK: meaning

  /// The texts to be held against each other by their meaning: the baseline's, then each comparable answer's. Nil where
  /// there is nothing to ask about: one has no text, or all say the same.
  var texts: [String]? {
    guard exchange.endpoint != .embeddings, let first = baseline.text else { return nil }
    let others = judged.map { $0.answer.text }
    guard !others.isEmpty, !others.contains(nil), others.contains(where: { $0 != first }) else { return nil }
    return [first] + others.compactMap(\.self)
  }

  /// The baseline's second answer is held to the same measure as the candidates', or its own variation would count
  /// against them.
  ///
  /// - Parameter cosines: of each text but the first in `texts` with the first.
  mutating func add(cosines: [Double], atLeast limit: Double) {
    var cosines = cosines[...]
    for index in copies.indices where copies[index].comparison.isComparable {
      if let cosine = cosines.popFirst() { copies[index].comparison.add(cosine: cosine, atLeast: limit) }
    }
    if noise?.comparison.isComparable == true, let cosine = cosines.popFirst() {
      noise?.comparison.add(cosine: cosine, atLeast: limit)
    }
  }

  private var judged: [Copy] { (copies + (noise.map { [$0] } ?? [])).filter(\.comparison.isComparable) }
}

extension ReadAnswer {
  /// The text of its first choice; nil where there is none.
  fileprivate var text: String? { content?.choices.first.flatMap { $0.text.isEmpty ? nil : $0.text } }
}

extension AnswerComparison {
  mutating func add(cosine: Double, atLeast limit: Double) {
    guard cosine < limit else { return }
    let text = String((cosine * 1000).rounded() / 1000)
    let difference = Difference(
      path: "text", kind: .semantic, severity: .breaking, baseline: nil, candidate: "cosine \(text)")
    differences.insert(difference, at: 0)
    if differences.count > Self.differenceLimit {
      differences.removeLast()
      further += 1
    }
    // Above 0.5, as every mismatch is.
    distance = max(distance, 0.5 + 0.5 * min(1, max(0, 1 - cosine)))
  }
}

extension AttemptEnd {
  /// The instant of the last request byte read.
  fileprivate var startedAt: Instant { Instant(nanoseconds: at.nanoseconds - latency) }
}
