/// The settings that are lists and tables, each as one text: short ones as they are, long ones by their length and a fixed hash.

import ResponseDiff
import TrafficSplit

extension Playbook {
  func addTraffic(to settings: inout [String: String]) {
    settings["traffic.sticky"] = list(traffic.sticky.map(\.text))
    settings["traffic.rules"] = digest(traffic.rules.map(text), of: "rules")
    settings["tags"] = digest(tags.map { "\($0.name) from \($0.source.text)" }, of: "tags")
    settings["budgets"] = digest(budgets.map(text), of: "budgets")
    // The first form has always been said, so that what an older process has journaled reads as no change.
    for form in DecisionHook.Form.allCases {
      let count = onDecision.count { $0.form == form }
      if count > 0 || form == .webhook {
        settings["on_decision.\(form.rawValue)"] = count == 0 ? "none" : count == 1 ? "set" : "\(count) set"
      }
    }
    addGuards(to: &settings)
  }

  func addComparison(to settings: inout [String: String]) {
    let rules = compare.rules
    settings["compare.ignore"] = digest(rules.ignore, of: "paths")
    settings["compare.tool_calls"] = rules.toolCalls.rawValue
    settings["compare.json"] = rules.json.rawValue
    settings["compare.text.similarity"] = rules.text.similarity.map { "\($0)" } ?? "none"
    settings["compare.per_second"] = "\(compare.perSecond)"
    settings["compare.redact"] = digest(compare.redact, of: "patterns")
    settings["compare.semantic"] =
      compare.semantic.map { "\($0.model) at \($0.url), at least \($0.atLeast)" } ?? "none"
    settings["compare.samples"] =
      compare.samples.map {
        "\($0.different) different, \($0.uniform) uniform, \($0.bodyBytes) bytes each, \($0.maxBytes) in all, "
          + "for \(Wording.duration($0.maxAge))"
      } ?? "off"
  }

  /// Names and prices only: what a header or a key holds may be secret.
  func addTable(of arm: Arm, at path: String, to settings: inout [String: String]) {
    let prices = arm.prices.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.text)" }
    settings["\(path).prices"] = digest(prices, of: "prices")
    settings["\(path).overhead"] = Wording.share(arm.costFactor - 1)
    settings["\(path).reconcile"] = Wording.share(arm.reconcile)
    settings["\(path).headers"] = list(arm.headers.map(\.name))
    settings["\(path).key"] = arm.key == nil ? "none" : "set"
    settings["\(path).effort"] = arm.effortDays.map { "\($0) days" } ?? "none"
  }

  func list(_ parts: [String]) -> String { parts.isEmpty ? "none" : parts.joined(separator: ", ") }

  private func digest(_ parts: [String], of kind: String) -> String { shortened(list(parts), parts.count, kind) }

  private func text(_ rule: TrafficRule) -> String {
    func shares(_ shares: [Double]) -> String {
      zip(candidates, shares).map { "\($0.name) \(Wording.share($1))" }.joined(separator: " ")
    }
    let match = rule.match.map { "\($0.attribute.text) \($0.glob.pattern)" }.joined(separator: " and ")
    return "\(match): \(shares(rule.weights))" + (rule.shadow.map { ", copies \(shares($0))" } ?? "")
  }

  private func text(_ budget: Budget) -> String {
    let tag = budget.tag.map { " for \(tags.indices.contains($0.tag) ? tags[$0.tag].name : "?")=\($0.value)" } ?? ""
    return "\(arm(budget.arm).name) \(Wording.dollars(budget.dollarsPerDay))/day\(tag)"
  }
}

extension Price {
  fileprivate var text: String {
    let tokens = [("in", input), ("out", output), ("cached", cachedInput), ("write", cacheWrite)]
    let known = isOfTokens ? tokens.compactMap { name, dollars in dollars.map { "\(name) \($0)" } } : []
    return (known + (media?.parts ?? []).map { "\($0.name) \($0.dollars)" }).joined(separator: " ")
  }
}

extension StickyKey {
  fileprivate var text: String {
    switch self {
    case .conversation: "conversation"
    case .header(let name): "header.\(name)"
    case .body(let path): "body.\(path)"
    }
  }
}

extension Tag.Source {
  fileprivate var text: String {
    switch self {
    case .header(let name): "header.\(name)"
    case .body(let path): "body.\(path)"
    }
  }
}

extension TrafficRule.Attribute {
  fileprivate var text: String {
    switch self {
    case .model: "model"
    case .path: "path"
    case .header(let name): "header.\(name)"
    case .body(let path): "body.\(path)"
    }
  }
}

/// A long text by the number of its parts and a fixed hash.
func shortened(_ text: String, _ count: Int, _ kind: String) -> String {
  guard text.utf8.count > 200 else { return text }
  var hasher = UnitHasher()
  hasher.combine(text)
  return "\(count) \(kind), \(String(hasher.finish(), radix: 16))"
}
