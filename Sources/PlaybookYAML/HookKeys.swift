/// The keys of `on_decision`: one form an entry, and what goes with it.

import RolloutJudge

extension PlaybookKeys {
  static let onDecision = ObjectShape(
    title: "on_decision",
    keys: DecisionHook.Form.allCases.map { form in
      .init(form.rawValue, .scalar(form == .pagerduty ? .secret : .webhook), about(form))
    } + [
      .init("url", .scalar(.webhook), "PagerDuty's address, where it is not its own."),
      .init("secret", .scalar(.secret), "What a webhook is signed by; the signing secret of a Feishu or DingTalk bot."),
      .init("link", .scalar(.webhook), "Where people find more. Default: this process's dashboard."),
    ], isNeverEmpty: true)

  private static func about(_ form: DecisionHook.Form) -> String {
    switch form {
    case .webhook: "Gets every decision as a JSON POST; with `secret` signed (standardwebhooks.com)."
    case .slack: "An incoming webhook's address."
    case .teams: "The address of a workflow that posts adaptive cards."
    case .discord: "A channel's webhook address."
    case .pagerduty: "The integration's routing key (Events v2)."
    case .alertmanager: "Its base address, such as http://127.0.0.1:9093."
    case .feishu: "A custom bot's address."
    case .dingtalk: "A robot's address, with its access_token."
    case .wecom: "A group robot's address, with its key."
    }
  }
}
