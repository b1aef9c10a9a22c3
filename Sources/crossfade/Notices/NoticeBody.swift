/// A decision in the words of whoever is told: each vendor's documented form, as JSON.

import Foundation
import Journal
import OperatorLog
import RolloutJudge

extension Notice {
  /// The request's body; `now` in seconds since 1970, for forms that are signed within it.
  func body(for hook: DecisionHook, now: Int64) throws -> [UInt8] {
    switch hook.form {
    case .webhook: try signedJSON()
    case .slack: Self.json(slack)
    case .teams: Self.json(teams)
    case .discord: Self.json(discord)
    case .pagerduty: Self.json(pagerDuty(key: hook.secret?.exposed ?? ""))
    case .alertmanager: Self.json([alert])
    case .feishu: Self.json(feishu(secret: hook.secret?.exposed, now: now))
    case .dingtalk: Self.json(dingTalk)
    case .wecom: Self.json(weCom)
    }
  }

  private static func json(_ value: Any) -> [UInt8] {
    // Of strings, numbers, lists and mappings of our own making, which are always JSON.
    let data = try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .withoutEscapingSlashes])
    return [UInt8](data ?? Data("{}".utf8))
  }

  /// As the log has it, with the link.
  private func signedJSON() throws -> [UInt8] {
    let encoded = [UInt8](try DecisionJSON.encode(decision))
    let text = [UInt8](try JSONEncoder.plain.encode(link))
    return Array(#"{"link":"#.utf8) + text + Array(",".utf8) + encoded.dropFirst()
  }

  // MARK: chats

  /// Incoming webhooks: `text` is for notifications, the blocks are what is seen.
  private var slack: [String: Any] {
    let mark = gravity == .info ? "" : ":warning: "
    func section(_ text: String) -> [String: Any] { ["type": "mrkdwn", "text": text] }
    return [
      "text": "\(mark)\(Self.slackEscaped(summary))",
      "blocks": [
        ["type": "section", "text": section("\(mark)\(Self.slackEscaped(words))")],
        ["type": "context", "elements": [section("<\(link)|Open the dashboard>")]],
      ],
    ]
  }

  /// The three characters that Slack reads as markup.
  private static func slackEscaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  /// A message of one adaptive card, as workflows take it.
  private var teams: [String: Any] {
    func block(_ text: String, _ more: [String: Any] = [:]) -> [String: Any] {
      ["type": "TextBlock", "text": text, "wrap": true].merging(more) { $1 }
    }
    let colour = gravity == .info ? "Good" : gravity == .warning ? "Warning" : "Attention"
    let card: [String: Any] = [
      "$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.2",
      "body": [
        block(summary, ["weight": "Bolder", "color": colour]),
        block("\(place), decision \(decision.seq)", ["isSubtle": true]),
      ] + (decision.reason.map { [block(String($0.plainText.prefix(500)))] } ?? []),
      "actions": [["type": "Action.OpenUrl", "title": "Open the dashboard", "url": link]],
    ]
    return [
      "type": "message",
      "attachments": [
        ["contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": NSNull(), "content": card]
      ],
    ]
  }

  /// Nobody is mentioned, whatever a reason says.
  private var discord: [String: Any] {
    let colour = gravity == .info ? 0x2E7D32 : gravity == .warning ? 0xF9A825 : 0xC62828
    return [
      "content": summary, "allowed_mentions": ["parse": [String]()],
      "embeds": [
        [
          "title": place.prefix(256).description, "description": words, "url": link, "color": colour,
          "timestamp": decision.at.rfc3339,
        ]
      ],
    ]
  }

  private func feishu(secret: String?, now: Int64) -> [String: Any] {
    var body: [String: Any] = ["msg_type": "text", "content": ["text": "\(words)\n\(link)"]]
    if let secret {
      body["timestamp"] = String(now)
      body["sign"] = HookSignature.feishu(secret: secret, now: now)
    }
    return body
  }

  private var dingTalk: [String: Any] {
    ["msgtype": "markdown", "markdown": ["title": summary, "text": "\(markdown)\n\n[\(link)](\(link))"]]
  }

  private var weCom: [String: Any] {
    ["msgtype": "markdown", "markdown": ["content": "\(markdown)\n[\(link)](\(link))"]]
  }

  /// Line breaks that Chinese chats keep.
  private var markdown: String { words.split(separator: "\n").joined(separator: "\n\n") }

  // MARK: on call

  /// Events v2: what someone should see opens an incident, what goes on again closes it, all else is a change.
  private func pagerDuty(key: String) -> [String: Any] {
    let details: [String: Any] = [
      "rollout": decision.rollout, "stage": decision.stage, "decision": decision.decision.rawValue,
      "candidate": decision.candidate ?? "", "seq": decision.seq, "reason": decision.reason ?? "",
    ]
    var payload: [String: Any] = [
      "summary": summary, "source": "crossfade", "timestamp": decision.at.rfc3339, "custom_details": details,
    ]
    let links = [["href": link, "text": "Dashboard"]]
    guard isForPager else { return ["routing_key": key, "payload": payload, "links": links] }
    payload["severity"] = gravity.rawValue
    payload["component"] = decision.candidate ?? decision.rollout
    payload["group"] = decision.rollout
    return [
      "routing_key": key, "event_action": isAllClear ? "resolve" : "trigger", "dedup_key": subject,
      "payload": payload, "links": links, "client": "Crossfade", "client_url": link,
    ]
  }

  var isForPager: Bool { gravity != .info || isAllClear }

  /// Told for as long as it is news: an hour of what someone should see, five minutes of the rest.
  private var alert: [String: Any] {
    let lasts = Duration.seconds(gravity == .info ? 300 : 3600)
    return [
      "labels": [
        "alertname": "CrossfadeDecision", "rollout": decision.rollout, "stage": decision.stage,
        "decision": decision.decision.rawValue, "candidate": decision.candidate ?? "", "severity": gravity.rawValue,
      ],
      "annotations": ["summary": summary, "description": words],
      "startsAt": decision.at.rfc3339, "endsAt": (decision.at + lasts).rfc3339, "generatorURL": link,
    ]
  }
}

extension JSONEncoder {
  fileprivate static var plain: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    return encoder
  }
}
