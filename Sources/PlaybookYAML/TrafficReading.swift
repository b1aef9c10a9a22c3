/// Reads how live requests are shared out: sticky keys, rules, the safety net, time-outs.

import RolloutJudge
import TrafficSplit

extension PlaybookReader {
  /// A list in a `match` stands for several rules; more than this is refused.
  private static let ruleLimit = 256

  mutating func traffic() -> Traffic {
    var traffic = Traffic()
    guard let node = root["traffic"] else { return traffic }
    if let sticky = node["sticky"] { traffic.sticky = self.sticky(sticky) }
    traffic.rules = rules(node["rules"]?.items ?? [])
    if let fallback = node["fallback"] {
      traffic.fallback = Set(fallback.items.compactMap { $0.text.flatMap(FallbackTrigger.init) })
    }
    if let net = node["safety_net"] { traffic.safetyNet = safetyNet(net) }
    if let timeouts = node["timeouts"] { traffic.timeouts = self.timeouts(timeouts) }
    if let size = node["max_body"]?.size { traffic.maxBodyBytes = size }
    if let override = node["override"]?.flag { traffic.allowsOverride = override }
    return traffic
  }

  private func safetyNet(_ node: PlaybookNode) -> SafetyNetHold {
    var hold = SafetyNetHold()
    if let until = node["until"]?.text.flatMap(SafetyNetHold.Until.init) { hold.until = until }
    if let atMost = node["at_most"]?.duration { hold.atMost = atMost }
    if let bytes = node["bytes"]?.size { hold.bytes = bytes }
    return hold
  }

  private mutating func sticky(_ node: PlaybookNode) -> [StickyKey] {
    let items = node.oneOrMore
    var keys: [StickyKey] = []
    for item in items {
      guard let text = item.text, ScalarKind.sticky.check(text) == nil else { continue }
      let key: StickyKey
      if text == "none" {
        if items.count > 1 { problems.error(at: item, "'none' stands alone", "remove it, or the others") }
        continue
      } else if text == "conversation" {
        key = .conversation
      } else if text.hasPrefix("header:") {
        key = .header(text.dropFirst(7).lowercased())
      } else {
        key = .body(String(text.dropFirst(5)))
      }
      if keys.contains(key) { problems.error(at: item, "'\(item.shown)' stands twice in the list", "remove one") }
      keys.append(key)
    }
    return keys
  }

  private mutating func rules(_ nodes: [PlaybookNode]) -> [TrafficRule] {
    var rules: [TrafficRule] = []
    var earlier: [(match: [TrafficRule.Matcher], path: String)] = []
    for node in nodes {
      let weights = self.shares(node["weight"])
      checkSum(weights, at: node["weight"] ?? node)
      let copies = node["shadow"].map { shares($0).map { $0 ?? 0 } }
      let matches = alternatives(node["match"])
      guard rules.count + matches.count <= Self.ruleLimit else {
        problems.error(at: node, "the rules stand for more than \(Self.ruleLimit) combinations", "shorten the lists")
        return rules
      }
      let hidden = matches.map { match in earlier.first { covers($0.match, match) } }
      if !matches.isEmpty, let first = hidden[0], hidden.allSatisfy({ $0 != nil }) {
        problems.warning(at: node, "never reached: \(first.path) matches these requests first", "put it first")
      }
      earlier += matches.map { ($0, node.path) }
      rules += matches.map { TrafficRule(match: $0, weights: weights.map { $0 ?? 0 }, shadow: copies) }
    }
    return rules
  }

  /// Every combination of the listed globs, in the file's order.
  func alternatives(_ node: PlaybookNode?) -> [[TrafficRule.Matcher]] {
    guard let entries = node?.entries, !entries.isEmpty else { return [] }
    var matches: [[TrafficRule.Matcher]] = [[]]
    for entry in entries {
      guard let attribute = attribute(entry.key) else { return [] }
      let globs = entry.value.oneOrMore.compactMap(\.text).map(Glob.init)
      matches = matches.prefix(Self.ruleLimit + 1).flatMap { match in
        globs.map { match + [TrafficRule.Matcher(attribute: attribute, glob: $0)] }
      }
    }
    return matches
  }

  private func attribute(_ key: String) -> TrafficRule.Attribute? {
    guard KeyKind.attribute.check(key) == nil else { return nil }
    if key == "model" { return .model }
    if key == "path" { return .path }
    if key.hasPrefix("header.") { return .header(key.dropFirst(7).lowercased()) }
    return .body(String(key.dropFirst(5)))
  }

  /// Whether the first match takes every request that the second could: a `*` over the path or model takes all.
  private func covers(_ first: [TrafficRule.Matcher], _ second: [TrafficRule.Matcher]) -> Bool {
    first.allSatisfy { matcher in
      second.contains(matcher) || (matcher.glob.pattern == "*" && [.model, .path].contains(matcher.attribute))
    }
  }

  /// What the playbook leaves out is the default, cut to its `total`.
  private mutating func timeouts(_ node: PlaybookNode) -> Timeouts {
    var timeouts = Timeouts()
    if let total = node["total"]?.duration { timeouts.total = total }
    let parts: [(String, WritableKeyPath<Timeouts, Duration>)] = [
      ("connect", \.connect), ("first_byte", \.firstByte), ("idle", \.idle),
    ]
    for (name, keyPath) in parts {
      guard let part = node[name], let duration = part.duration else {
        timeouts[keyPath: keyPath] = min(timeouts[keyPath: keyPath], timeouts.total)
        continue
      }
      timeouts[keyPath: keyPath] = duration
      if ScalarKind.timeout.check(part.text ?? "") == nil, duration > timeouts.total {
        let total = node["total"].map { "total, '\($0.shown)'" } ?? "total, 10m by default"
        problems.error(at: part, "'\(part.shown)' is longer than \(total)", "total bounds the whole exchange")
      }
    }
    return timeouts
  }

  /// Shares of one kind of request go to one arm each, so they cannot add up to more than all of it.
  mutating func checkSum(_ shares: [Double?], at node: PlaybookNode) {
    let sum = shares.compactMap(\.self).reduce(0, +)
    guard sum > 1 + 1e-9 else { return }
    problems.error(at: node, "the weights add up to more than 100%")
  }
}
