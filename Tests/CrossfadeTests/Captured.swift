import Dialects
import NIOCore
import RolloutJudge
import SidecarProxy
import TrafficSplit

/// Exchanges as the proxy hands them over.
enum Captured {
  /// When the baseline was asked: later than any clock, so that nothing is too old to be kept.
  static let at = Instant(nanoseconds: 4_000_000_000_000_000_000)

  static func answer(
    _ population: Population, _ body: String, outcome: Outcome = .ok, status: Int? = 200,
    type: String = "application/json",
    coding: String = "", arm: ArmIndex? = nil, exchange: UInt64 = 0xAB, bytes: [UInt8]? = nil, isCut: Bool = false
  ) -> CapturedAnswer {
    let labels = ExchangeLabels(
      endpoint: .chatCompletions, model: "m", tags: [], features: RequestFeatures(), isStream: false)
    let end = AttemptEnd(
      attempt: 1, exchange: exchange, arm: arm ?? (population == .shadow ? .candidate(0) : .baseline),
      population: population, outcome: outcome, at: at + .seconds(1), latency: 1_000_000_000,
      ttft: nil, cost: nil, isRetry: false, isNormalFinish: true, labels: labels)
    return CapturedAnswer(
      end: end, status: status, contentType: type, contentEncoding: coding,
      body: [bytes.map { ByteBuffer(bytes: $0) } ?? ByteBuffer(string: body)], isCut: isCut)
  }

  static func chat(_ text: String) -> String {
    #"{"id":"x","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"\#(text)"},"#
      + #""finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}"#
  }

  static func stream(_ pieces: [String]) -> String {
    pieces.map { #"data: {"choices":[{"index":0,"delta":{"content":"\#($0)"}}]}"# + "\n\n" }.joined()
      + #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n"
  }

  static func exchange(_ baseline: CapturedAnswer, _ copies: [CapturedAnswer], request: String = "{}")
    -> CapturedExchange
  {
    CapturedExchange(
      endpoint: .chatCompletions, request: ByteBuffer(string: request), baseline: baseline, copies: copies)
  }

  static func playbook(_ compare: ComparePolicy = ComparePolicy()) -> Playbook {
    let url = ArmURL(isTLS: false, host: "127.0.0.1", port: 1, basePath: "")
    return Playbook(
      name: "r", baseline: Arm(name: "base", vendor: "openrouter", url: url),
      candidates: [Arm(name: "cand", vendor: "litellm", url: url), Arm(name: "other", vendor: "litellm", url: url)],
      stages: [Stage(name: "shadow", weights: [0, 0], shadow: [1, 1], hold: .seconds(1))], compare: compare)
  }
}
