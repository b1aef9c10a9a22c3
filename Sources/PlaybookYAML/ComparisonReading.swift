/// Reads what is compared, kept, told apart and spent.

import ResponseDiff
import RolloutJudge
import TrafficSplit
import Vendors

extension PlaybookReader {
  /// Each tag is a column of every figure.
  private static let tagLimit = 16

  mutating func comparePolicy() -> ComparePolicy {
    var policy = ComparePolicy()
    let node = root["compare"]
    if let ignore = node?["ignore"] { policy.rules.ignore = ignore.items.compactMap(\.text) }
    if let word = node?["tool_calls"]?.text.flatMap(ComparisonRules.ToolCalls.init) { policy.rules.toolCalls = word }
    if let word = node?["json"]?.text.flatMap(ComparisonRules.JSON.init) { policy.rules.json = word }
    policy.rules.text.similarity = node?["text"]?["similarity"]?.number
    if let limit = node?["per_second"]?.count { policy.perSecond = limit }
    policy.semantic = node?["semantic"].flatMap { semantic($0) }
    policy.samples = samplePolicy()
    policy.redact = root["redact"]?.items.compactMap(\.text) ?? []
    return policy
  }

  private mutating func semantic(_ node: PlaybookNode) -> SemanticCheck? {
    if let key = node["key"], let scalar = key.scalar, !scalar.source.contains("${"), !key.isNull {
      problems.warning(at: key, "the key stands in the file itself", "say key: ${OPENAI_API_KEY} and set the variable")
    }
    guard let url = node["url"]?.url, let model = node["model"]?.text else { return nil }
    if !url.isTLS, !url.isLoopback, let place = node["url"] {
      problems.warning(at: place, "http carries answers over the network unencrypted", "use https")
    }
    var check = SemanticCheck(url: url, model: model, key: node["key"]?.text.map(Secret.init))
    if let limit = node["at_least"]?.number { check.atLeast = limit }
    if let share = node["share"]?.share { check.share = share }
    return check
  }

  private mutating func samplePolicy() -> SamplePolicy? {
    guard let node = root["samples"] else { return SamplePolicy() }
    if node.scalar != nil { return nil }
    var policy = SamplePolicy()
    if let count = node["different"]?.count { policy.different = count }
    if let count = node["uniform"]?.count { policy.uniform = count }
    if let size = node["body"]?.size { policy.bodyBytes = size }
    if let age = node["keep"]?.duration { policy.maxAge = age }
    if let size = node["size"]?.size { policy.maxBytes = size }
    if policy.different == 0, policy.uniform == 0 {
      problems.error(at: node, "different and uniform are both 0", "say samples: off to keep nothing")
    }
    if policy.maxBytes < policy.bodyBytes * 3 {
      let place = node["size"] ?? node["body"] ?? node
      problems.error(
        at: place, "there is no room for one pair: three bodies of \(sizeText(policy.bodyBytes)) each",
        "say size: \(sizeText(policy.bodyBytes * 4)) or more")
    }
    return policy
  }

  mutating func tags() -> [Tag] {
    let entries = root["tags"]?.entries ?? []
    if entries.count > Self.tagLimit, let node = root["tags"] {
      problems.error(at: node, "more than \(Self.tagLimit) tags")
    }
    return entries.compactMap { entry in
      guard let text = entry.value.text, ScalarKind.tagSource.check(text) == nil else { return nil }
      let source: Tag.Source =
        text.hasPrefix("header.") ? .header(text.dropFirst(7).lowercased()) : .body(String(text.dropFirst(5)))
      return Tag(name: entry.key, source: source)
    }
  }

  mutating func budgets(_ playbook: Playbook) -> [Budget] {
    var budgets: [Budget] = []
    var places: [String: String] = [:]
    for node in root["budgets"]?.items ?? [] {
      let tag = node["tag"].map { budgetTag($0, playbook.tags) }
      guard let arm = budgetArm(node), let dollars = node["per_day"]?.dollars else { continue }
      if case .some(.none) = tag { continue }
      let key = "\(arm.rawValue) \(node["tag"]?.text ?? "")"
      if let first = places.updateValue(node.path, forKey: key) {
        problems.error(at: node, "the same as \(first)", "one budget for each arm and tag")
      }
      let budget = Budget(arm: arm, tag: tag ?? nil, dollarsPerDay: dollars)
      checkCostIsKnown(node, playbook.candidates[arm.candidate])
      budgets.append(budget)
    }
    return budgets
  }

  private mutating func budgetArm(_ node: PlaybookNode) -> ArmIndex? {
    guard let arm = node["arm"], let name = arm.name else { return nil }
    if let index = candidateNames.firstIndex(of: name) { return .candidate(index) }
    if name == root["baseline"]?["name"]?.name {
      problems.error(
        at: arm, "'\(arm.shown)' is the baseline, which answers whatever is spent", "name a candidate")
    } else if !candidateNames.contains(nil) {
      let near = nearestWord(to: arm.shown, among: candidateLabels)
      problems.error(
        at: arm, "no candidate is named '\(arm.shown)'",
        near.map { "did you mean '\($0)'?" } ?? "the candidates are \(andList(candidateLabels))")
    }
    return nil
  }

  mutating func budgetTag(_ node: PlaybookNode, _ tags: [Tag]) -> Budget.TagValue? {
    guard let text = node.text, ScalarKind.tagValue.check(text) == nil, let (name, value) = splitTagValue(text) else {
      return nil
    }
    if let index = tags.firstIndex(where: { $0.name == name }) { return Budget.TagValue(tag: index, value: value) }
    refuseTag(name, at: node)
    return nil
  }

  mutating func refuseTag(_ name: String, at node: PlaybookNode) {
    let names = (root["tags"]?.entries ?? []).map(\.key)
    // A tag whose source is refused is known all the same.
    guard !names.contains(name) else { return }
    let advice =
      names.isEmpty
      ? "say tags: { \(name): header.x-\(name) }"
      : nearestWord(to: name, among: names).map { "did you mean '\($0)'?" } ?? "the tags are \(andList(names))"
    problems.error(
      at: node, names.isEmpty ? "there are no tags" : "no tag is named '\(name.prefix(64))'", advice)
  }

  /// A budget of what nobody knows is spent by an upper estimate.
  private mutating func checkCostIsKnown(_ node: PlaybookNode, _ arm: Arm) {
    guard arm.prices.isEmpty, let profile = Vendor.named(arm.vendor), !profile.reportsCost else { return }
    problems.warning(
      at: node,
      "what '\(node["arm"]?.shown ?? "")' costs is unknown, so an upper estimate is charged: its vendor reports no cost",
      "give it prices")
  }
}
