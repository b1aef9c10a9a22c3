/// Reads who is told of decisions: one mapping, or a list of them, each with one form.

import RolloutJudge

extension PlaybookReader {
  mutating func hooks() -> [DecisionHook] {
    guard let node = root["on_decision"] else { return [] }
    let entries: [PlaybookNode] = if case .list(let items) = node.content { items } else { [node] }
    return entries.compactMap { hook($0) }
  }

  private mutating func hook(_ node: PlaybookNode) -> DecisionHook? {
    let forms = DecisionHook.Form.allCases.filter { node[$0.rawValue] != nil }
    guard !node.isUnusable, case .mapping = node.content else { return nil }
    guard let form = forms.first, forms.count == 1 else {
      let all = DecisionHook.Form.allCases.map(\.rawValue)
      problems.error(
        at: node, forms.isEmpty ? "nobody is named" : "one entry is for one: \(andList(forms.map(\.rawValue)))",
        forms.isEmpty ? "say one of \(orList(all))" : "write a list, one entry for each")
      return nil
    }
    checkCompany(of: form, node)
    guard let value = node[form.rawValue]?.text else { return nil }
    let secret = node["secret"]?.text.map(Secret.init)
    let link = node["link"]?.text
    guard form == .pagerduty else { return DecisionHook(form, address: Secret(value), secret: secret, link: link) }
    return DecisionHook(
      form, address: Secret(node["url"]?.text ?? DecisionHook.pagerDutyAddress), secret: Secret(value), link: link)
  }

  /// A word that the form makes nothing of would be thought to work.
  private mutating func checkCompany(of form: DecisionHook.Form, _ node: PlaybookNode) {
    if let secret = node["secret"], ![.webhook, .feishu, .dingtalk].contains(form) {
      problems.error(at: secret, "'\(form.rawValue)' takes no secret", "remove it")
    }
    if let url = node["url"], form != .pagerduty {
      problems.error(at: url, "the address stands at '\(form.rawValue)' itself", "remove it")
    }
  }
}
