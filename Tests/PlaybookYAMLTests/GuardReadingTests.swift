/// The guards in a file are those of the playbook; what makes no sense is refused where it stands.

import Guards
import RolloutJudge
import Testing
import TrafficSplit

@testable import PlaybookYAML

@Suite struct GuardReadingTests {
  private static let all = #"""
    tags: { team: header.x-team }
    guards:
      idempotency: { header: Idempotency-Key, window: 5m, answers: 100, bytes: 1MiB, joiners: 7 }
      duplicates:  { window: 1s, match: { header.x-ui: "*" } }
      retries:     { max: 1, on: [connect, 5xx], backoff: 200ms, budget: 10% }
      retry_cap:   { per: caller, share: 30%, then: 429 }
      queue:       { in_flight: auto, waiting: 50, at_most: 3s, fair_by: tag.team }
      failover:    { on: [timeout, 429] }
      limits:
        - { tag: team=search, per_day: $50, per_minute: 600 }
        - { per: caller, per_minute: 60 }
        - { per_day: $100 }
    """#

  private func guards(_ more: String) throws -> GuardPolicy? { try Sample.playbook(Sample.text(more: more)).guards }

  @Test func everyKeyArrives() throws {
    let guards = try #require(try guards(Self.all))
    #expect(
      guards.idempotency
        == .init(
          header: "idempotency-key", window: .seconds(300), bounds: .init(answers: 100, bytes: 1 << 20, joiners: 7)))
    #expect(
      guards.duplicates
        == .init(window: .seconds(1), match: [[.init(attribute: .header("x-ui"), glob: Glob("*"))]]))
    #expect(
      guards.retries == .init(max: 1, on: [.connect, .serverError], backoff: .milliseconds(200), budget: 0.1))
    #expect(guards.retryCap == .init(per: .caller, share: 0.3))
    #expect(
      guards.queue == .init(inFlight: .automatic, waiting: 50, atMost: .seconds(3), fairBy: .tag(0)))
    #expect(guards.failover == .init(on: [.timeout, .rateLimited]))
    #expect(
      guards.limits == [
        .init(scope: .tag(index: 0, value: "search"), name: "team=search", dollarsPerDay: 50, perMinute: 600),
        .init(scope: .each(.caller), name: "caller", perMinute: 60),
        .init(scope: .everyone, name: "all requests", dollarsPerDay: 100),
      ])
  }

  @Test func aPlaybookWithoutThemHasNone() throws {
    #expect(try guards("") == nil)
    #expect(try !explain(Sample.playbook(Sample.text())).contains("Guarded"))
  }

  @Test func whatIsLeftOutIsTheDefault() throws {
    let guards = try #require(
      try guards("guards: { idempotency: {}, duplicates: {}, retries: {}, retry_cap: {}, failover: {} }"))
    #expect(guards.idempotency == .init())
    #expect(guards.duplicates == .init())
    #expect(guards.retries == .init())
    #expect(guards.retryCap == .init())
    #expect(guards.failover == .init())
  }

  @Test func eachHasASentence() throws {
    let lines = try explain(Sample.playbook(Sample.text(more: Self.all)))
    let start = try #require(lines.firstIndex(of: "Guarded"))
    let sentences = lines[(start + 1)...].prefix { !$0.isEmpty }
    #expect(sentences.count == 9)
    #expect(sentences.contains { $0.contains("team=search may be 600 a minute and cost $50 a day") })
    #expect(sentences.contains { $0.contains("another body is answered 422") })
  }

  @Test(
    arguments: [
      ("guards: { retrys: { max: 2 } }", "unknown key 'retrys'", "did you mean 'retries'?"),
      ("guards: { retries: { max: 9 } }", "cannot be more than 5: '9'", nil),
      ("guards: { retries: { on: [5x] } }", "must be connect, timeout, 429 or 5xx: '5x'", "did you mean '5xx'?"),
      ("guards: { retries: { budget: 0% } }", "must be more than 0%: '0%'", "remove the guard for none"),
      ("guards: { duplicates: { window: 5m } }", "who asks again after 60s means it: '5m'", "say 1m or less"),
      ("guards: { queue: { waiting: 3 } }", "'in_flight' is missing", "say in_flight: 100, or in_flight: auto"),
      ("guards: { queue: { in_flight: aut } }", "must be a number or auto: 'aut'", "did you mean 'auto'?"),
      (
        "guards: { queue: { in_flight: 3, fair_by: tag.team } }", "there are no tags",
        "say tags: { team: header.x-team }"
      ),
      ("guards: { limits: [{ per: caller }] }", "it limits nothing", "say per_minute: 600, or per_day: $50"),
      (
        "guards: { idempotency: { header: authorization } }", "a credential is no key of a request: 'authorization'",
        nil
      ),
      ("guards: { retry_cap: { per: user } }", "must be caller or tag.NAME: 'user'", "say tag.team"),
    ] as [(String, String, String?)])
  func whatMakesNoSenseIsRefused(_ more: String, _ message: String, _ say: String?) {
    let problems = Sample.read(Sample.text(more: more)).errors
    #expect(problems.contains { $0.message == message && $0.suggestion == say }, "\(problems)")
  }

  @Test func aFailoverThatNobodyCouldEverAnswerIsToldOf() {
    let text = Sample.text(
      more: "guards: { failover: {} }", stages: "stages: [{ name: s, shadow: 10%, hold: 1h }]")
    #expect(Sample.read(text).problems.contains { $0.message.contains("so none ever answers") })
  }
}
