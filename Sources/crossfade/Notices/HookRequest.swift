/// One decision on its way to one receiver: address, fields and body, and whether an answer means that it was taken.

import Foundation
import Journal
import RolloutJudge

struct HookRequest {
  var url: String
  var fields: [(name: String, value: String)]
  var body: [UInt8]

  /// - Parameter now: when it is sent.
  init(_ notice: Notice, _ hook: DecisionHook, now: Instant) throws {
    let seconds = now.nanoseconds / 1_000_000_000
    body = try notice.body(for: hook, now: seconds)
    url = Self.address(of: hook, notice, now)
    fields = [("content-type", "application/json")]
    if hook.form == .webhook, let secret = hook.secret {
      let id = "\(notice.decision.rollout)-\(notice.decision.seq)"
      fields += HookSignature.fields(id: id, now: seconds, body: body, secret: secret.exposed)
    }
  }

  private static func address(of hook: DecisionHook, _ notice: Notice, _ now: Instant) -> String {
    let url = hook.address.exposed
    switch hook.form {
    case .pagerduty where !notice.isForPager: return url.replacing("/v2/enqueue", with: "/v2/change/enqueue")
    case .alertmanager where !url.hasSuffix("/alerts"): return url + (url.hasSuffix("/") ? "" : "/") + "api/v2/alerts"
    case .dingtalk:
      guard let secret = hook.secret else { return url }
      let query = HookSignature.dingTalk(secret: secret.exposed, milliseconds: now.nanoseconds / 1_000_000)
      return url + (url.contains("?") ? "&" : "?") + query
    default: return url
    }
  }
}

/// What a receiver's answer means.
enum HookAnswer: Equatable {
  case taken
  /// To be tried again.
  case busy(String)
  /// To be tried again as it is would be refused again.
  case refused(String)

  /// - Parameter body: chats of Feishu, DingTalk and WeCom refuse under 200, with a code in the body.
  init(_ form: DecisionHook.Form, status: Int, body: [UInt8]) {
    guard (200..<300).contains(status) else {
      self = status == 408 || status == 429 || status >= 500 ? .busy("status \(status)") : .refused("status \(status)")
      return
    }
    guard [.feishu, .dingtalk, .wecom].contains(form) else {
      self = .taken
      return
    }
    let object = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any]
    let code = (object?["errcode"] ?? object?["code"] ?? object?["StatusCode"]) as? Int ?? 0
    // Too many messages in a minute, in each one's words.
    let isBusy = [11232, 9499, 130101, 410100, 45009, -1].contains(code)
    self = code == 0 ? .taken : isBusy ? .busy("code \(code)") : .refused("code \(code)")
  }
}
