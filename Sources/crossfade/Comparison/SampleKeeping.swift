/// Makes a stored sample of a compared pair, where the store wants one; bodies are only prepared for those.

import Dialects
import Journal
import NIOCore
import ResponseDiff
import RolloutJudge
import SidecarProxy

struct SampleKeeping: Sendable {
  private let store: SampleStore
  private let redaction: Redaction
  private var playbook: Playbook

  /// Nil for `samples: off`, and where there is no file to keep them in.
  /// - Throws: `TextPattern.Refused`.
  init?(playbook: Playbook, storePath: String?) throws {
    guard let policy = playbook.compare.samples, let storePath else { return nil }
    store = SampleStore(path: storePath, rollout: playbook.name, policy: policy)
    redaction = try Redaction(
      patterns: playbook.compare.redact, secrets: KnownSecrets(of: playbook), limit: policy.bodyBytes)
    self.playbook = playbook
  }

  /// The same, of arms as another playbook numbers them.
  func naming(_ playbook: Playbook) -> SampleKeeping {
    var named = self
    named.playbook = playbook
    return named
  }

  var counts: SampleStore.Counts { store.counts }

  /// - Parameter now: of the process's clock, not of the exchange.
  func keep(_ pair: ComparedPair, of exchange: CapturedExchange, _ bodies: PairBodies, stage: String, at now: Instant) {
    guard pair.comparison.isComparable else { return }
    let candidate = playbook.arm(pair.candidate.arm).name
    let id = exchangeText(pair.baseline.exchange)
    let kinds = store.kinds(candidate: candidate, exchange: id, distance: pair.comparison.distance, at: now)
    guard !kinds.isEmpty else { return }
    let redaction = redaction.adding(KnownSecrets(exchange.credentials))
    let request = redaction.body(Array(exchange.request.readableBytesView), isCut: false)
    let sample = StoredSample(
      exchange: id, rollout: playbook.name, candidate: candidate, at: pair.baseline.at, stage: stage,
      endpoint: pair.endpoint.rawValue, model: pair.baseline.labels?.model, kinds: kinds,
      comparison: redaction.comparison(pair.comparison),
      bodies: .init(
        request: request, baseline: body(bodies.baseline, by: redaction), answer: body(bodies.candidate, by: redaction)
      ))
    store.keep(sample, at: now)
  }

  func expire(at now: Instant) { store.expire(at: now) }

  func close() { store.close() }

  /// A stream is kept assembled: what a pattern knows may be spread over its events.
  private func body(_ answer: ReadAnswer, by redaction: Redaction) -> StoredSample.Body {
    guard answer.isStream, let content = answer.content else { return redaction.body(answer.body, isCut: answer.isCut) }
    var body = redaction.body(content.tree)
    body.isCut = body.isCut || answer.isCut
    return body
  }
}

/// The two answers of a pair as they were read.
struct PairBodies: Sendable {
  var baseline: ReadAnswer
  var candidate: ReadAnswer
}

extension AnswerContent {
  /// In one form for all dialects; what is not there is left out.
  var tree: JSONTree {
    var members: [JSONTree.Member] = []
    func add(_ name: String, _ value: JSONTree?) {
      if let value { members.append(.init(name: name, value: value)) }
    }
    add("model", model.map(JSONTree.string))
    add("choices", choices.isEmpty ? nil : .array(choices.map(\.tree)))
    add("usage", usage.map(\.tree))
    add("error", error.map { .object([.init(name: "kind", value: .string($0.kind.rawValue))]) })
    return .object(members)
  }
}

extension AnswerContent.Choice {
  fileprivate var tree: JSONTree {
    var members: [JSONTree.Member] = [.init(name: "text", value: .string(text))]
    if !reasoning.isEmpty { members.append(.init(name: "reasoning", value: .string(reasoning))) }
    if let refusal { members.append(.init(name: "refusal", value: .string(refusal))) }
    if !toolCalls.isEmpty {
      let calls = toolCalls.map { call in
        JSONTree.object([
          .init(name: "name", value: .string(call.name)), .init(name: "arguments", value: .string(call.arguments)),
        ])
      }
      members.append(.init(name: "tool_calls", value: .array(calls)))
    }
    if !media.isEmpty { members.append(.init(name: "media", value: .array(media.map(\.tree)))) }
    if let finishReason { members.append(.init(name: "finish_reason", value: .string(finishReason))) }
    return .object(members)
  }
}

extension AnswerContent.Medium {
  fileprivate var tree: JSONTree {
    let numbers = [("width", width), ("height", height), ("bytes", byteCount)].compactMap { name, number in
      number.map { JSONTree.Member(name: name, value: .number(String($0))) }
    }
    return .object([.init(name: "type", value: type.map(JSONTree.string) ?? .null)] + numbers)
  }
}

extension TokenUsage {
  fileprivate var tree: JSONTree {
    .object(
      [("prompt", prompt), ("completion", completion), ("cached", cached), ("reasoning", reasoning)].map {
        .init(name: $0.0, value: .number(String($0.1)))
      })
  }
}
