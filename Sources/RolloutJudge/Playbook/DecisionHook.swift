/// Someone who is told of decisions: in which form, where, and the secret that goes with it.

package struct DecisionHook: Sendable, Hashable {
  /// Named as the playbook names them.
  package enum Form: String, Sendable, CaseIterable {
    case webhook, slack, teams, discord, pagerduty, alertmanager, feishu, dingtalk, wecom
  }

  package var form: Form
  /// Where it is posted to; whoever has it can write there.
  package var address: Secret
  /// What a webhook is signed by, the signing secret of a Feishu or DingTalk bot, PagerDuty's routing key.
  package var secret: Secret?
  /// Where people find more; nil: the process's own dashboard.
  package var link: String?

  package init(_ form: Form, address: Secret, secret: Secret? = nil, link: String? = nil) {
    self.form = form
    self.address = address
    self.secret = secret
    self.link = link
  }

  /// The name by which people know it, with whether it is signed.
  package var words: String {
    let name =
      switch form {
      case .webhook: "a webhook"
      case .slack: "Slack"
      case .teams: "Teams"
      case .discord: "Discord"
      case .pagerduty: "PagerDuty"
      case .alertmanager: "Alertmanager"
      case .feishu: "Feishu"
      case .dingtalk: "DingTalk"
      case .wecom: "WeCom"
      }
    let isSigned = secret != nil && [.webhook, .feishu, .dingtalk].contains(form)
    return isSigned ? "\(name) (signed)" : name
  }

  /// PagerDuty's own, for whoever gives a routing key alone.
  package static let pagerDutyAddress = "https://events.pagerduty.com/v2/enqueue"
}
