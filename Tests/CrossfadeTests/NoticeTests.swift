/// The forms in which decisions are told: signatures against published values, and what an answer means.

import Foundation
import RolloutJudge
import Testing

@testable import crossfade

@Suite struct NoticeTests {
  private static func decision(_ kind: Decision.Kind = .rollback) -> Decision {
    Decision(
      seq: 7, at: Instant(nanoseconds: 1_790_000_000_000_000_000), decision: kind, rollout: "move", stage: "canary",
      stageIndex: 1, candidate: "litellm", weightsBefore: [:], weightsAfter: [:],
      message: "rolled back litellm: a < b & c",
      actor: "crossfade", playbookSHA256: "")
  }

  private static func object(_ form: DecisionHook.Form, _ kind: Decision.Kind = .rollback) throws -> [String: Any] {
    let notice = Notice(decision: decision(kind), link: "http://l/")
    let body = try notice.body(for: DecisionHook(form, address: Secret("http://h/"), secret: Secret("k")), now: 1)
    return try #require(JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
  }

  @Test("a signed webhook has the signature of the standard's own example") func standardWebhook() {
    let fields = HookSignature.fields(
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek", now: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8),
      secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    #expect(fields.last?.value == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
  }

  @Test("every form is JSON with the decision's words in it", arguments: DecisionHook.Form.allCases)
  func forms(form: DecisionHook.Form) throws {
    let notice = Notice(decision: Self.decision(), link: "http://l/")
    for secret in [nil, Secret("k")] {
      let hook = DecisionHook(form, address: Secret("http://h/"), secret: secret)
      let body = try notice.body(for: hook, now: 1)
      #expect((try? JSONSerialization.jsonObject(with: Data(body))) != nil)
      #expect(String(decoding: body, as: UTF8.self).contains("rolled back litellm"))
    }
  }

  @Test("Slack's three characters are escaped, and Discord mentions nobody") func markup() throws {
    #expect((try Self.object(.slack)["text"] as? String)?.hasSuffix("a &lt; b &amp; c") == true)
    #expect((try Self.object(.discord)["allowed_mentions"] as? [String: [String]]) == ["parse": []])
  }

  @Test("a pager rings where something stops, and is called off where it goes on", arguments: Decision.Kind.allCases)
  func pager(kind: Decision.Kind) throws {
    let action = try Self.object(.pagerduty, kind)["event_action"] as? String
    switch kind {
    case .rollback, .pause, .abort: #expect(action == "trigger")
    case .resume, .rearm, .complete: #expect(action == "resolve")
    case .start, .advance, .hold, .configChanged: #expect(action == nil)
    }
    let hook = DecisionHook(.pagerduty, address: Secret(DecisionHook.pagerDutyAddress), secret: Secret("k"))
    let request = try HookRequest(
      Notice(decision: Self.decision(kind), link: "http://l/"), hook, now: Instant(nanoseconds: 0))
    #expect(request.url == "https://events.pagerduty.com/v2/\(action == nil ? "change/enqueue" : "enqueue")")
  }

  @Test("DingTalk's query is escaped, Alertmanager's path is added once") func addresses() throws {
    func url(_ form: DecisionHook.Form, _ address: String) throws -> String {
      let hook = DecisionHook(form, address: Secret(address), secret: form == .dingtalk ? Secret("SECabc") : nil)
      let notice = Notice(decision: Self.decision(), link: "http://l/")
      return try HookRequest(notice, hook, now: Instant(nanoseconds: 1_000_000_000)).url
    }
    let dingtalk = try url(.dingtalk, "https://d/robot/send?access_token=x")
    #expect(dingtalk.hasPrefix("https://d/robot/send?access_token=x&timestamp=1000&sign="))
    #expect(!dingtalk.drop { $0 != "&" }.contains { "+/".contains($0) })
    for base in ["http://a:9093", "http://a:9093/", "http://a:9093/api/v2/alerts"] {
      #expect(try url(.alertmanager, base) == "http://a:9093/api/v2/alerts")
    }
  }

  @Test("an answer says whether to try again, in the body too where a vendor refuses under 200")
  func answers() {
    func answer(_ form: DecisionHook.Form, _ status: Int, _ body: String = "") -> HookAnswer {
      HookAnswer(form, status: status, body: Array(body.utf8))
    }
    for status in [200, 202, 204] { #expect(answer(.slack, status) == .taken) }
    for status in [408, 429, 500, 503] { #expect(answer(.slack, status) == .busy("status \(status)")) }
    for status in [301, 400, 401, 404, 410] { #expect(answer(.slack, status) == .refused("status \(status)")) }
    #expect(answer(.feishu, 200, #"{"code":0}"#) == .taken)
    #expect(answer(.feishu, 200, #"{"code":19021}"#) == .refused("code 19021"))
    #expect(answer(.feishu, 200, #"{"code":11232}"#) == .busy("code 11232"))
    #expect(answer(.dingtalk, 200, #"{"errcode":310000,"errmsg":"sign not match"}"#) == .refused("code 310000"))
    #expect(answer(.wecom, 200, #"{"errcode":45009}"#) == .busy("code 45009"))
    #expect(answer(.webhook, 200, #"{"errcode":1}"#) == .taken, "its body is its own affair")
  }
}
