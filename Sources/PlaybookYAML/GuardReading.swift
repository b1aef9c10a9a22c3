/// Reads `guards:`, and says which of them could never do anything.

import Guards
import RolloutJudge
import TrafficSplit
import Vendors

extension PlaybookReader {
  mutating func guards(_ playbook: Playbook) -> GuardPolicy? {
    guard let node = root["guards"], !node.entries.isEmpty else { return nil }
    var policy = GuardPolicy()
    policy.idempotency = node["idempotency"].map(idempotency)
    policy.duplicates = node["duplicates"].map(duplicates)
    policy.retries = node["retries"].map(retries)
    if let cap = node["retry_cap"] { policy.retryCap = retryCap(cap, playbook.tags) }
    if let queue = node["queue"] { policy.queue = self.queue(queue, playbook.tags) }
    if let failover = node["failover"] {
      policy.failover = .init(on: triggers(failover["on"]))
      if !playbook.stages.contains(where: { $0.weights.contains { $0 > 0 } }) {
        problems.warning(
          at: failover, "no stage trusts a candidate with live traffic, so none ever answers",
          "give a stage a weight")
      }
    }
    for limit in node["limits"]?.items ?? [] {
      if let limit = self.limit(limit, playbook) { policy.limits.append(limit) }
    }
    return policy
  }

  private func idempotency(_ node: PlaybookNode) -> GuardPolicy.Idempotency {
    var idempotency = GuardPolicy.Idempotency()
    if let header = node["header"]?.text { idempotency.header = header.lowercased() }
    if let window = node["window"]?.duration { idempotency.window = window }
    if let answers = node["answers"]?.count { idempotency.bounds.answers = answers }
    if let bytes = node["bytes"]?.size { idempotency.bounds.bytes = bytes }
    if let joiners = node["joiners"]?.count { idempotency.bounds.joiners = joiners }
    return idempotency
  }

  private func duplicates(_ node: PlaybookNode) -> GuardPolicy.Duplicates {
    var duplicates = GuardPolicy.Duplicates()
    if let window = node["window"]?.duration { duplicates.window = window }
    duplicates.match = alternatives(node["match"])
    return duplicates
  }

  private func retries(_ node: PlaybookNode) -> GuardPolicy.Retries {
    var retries = GuardPolicy.Retries()
    if let max = node["max"]?.count { retries.max = max }
    retries.on = triggers(node["on"])
    if let backoff = node["backoff"]?.duration { retries.backoff = backoff }
    if let budget = node["budget"]?.share { retries.budget = budget }
    return retries
  }

  private func triggers(_ node: PlaybookNode?) -> Set<GuardTrigger> {
    guard let node else { return Set(GuardTrigger.allCases) }
    return Set(node.items.compactMap { $0.text.flatMap(GuardTrigger.init(rawValue:)) })
  }

  private mutating func retryCap(_ node: PlaybookNode, _ tags: [Tag]) -> GuardPolicy.RetryCapPolicy {
    var cap = GuardPolicy.RetryCapPolicy()
    if let per = node["per"], let group = requestGroup(per, tags) { cap.per = group }
    if let share = node["share"]?.share { cap.share = share }
    return cap
  }

  private mutating func queue(_ node: PlaybookNode, _ tags: [Tag]) -> GuardPolicy.QueuePolicy? {
    var fairBy: Group?
    if let node = node["fair_by"] { fairBy = requestGroup(node, tags) }
    guard let text = node["in_flight"]?.text, ScalarKind.inFlight.check(text) == nil else { return nil }
    var queue = GuardPolicy.QueuePolicy(inFlight: Int(text).map { .fixed($0) } ?? .automatic, fairBy: fairBy)
    if let waiting = node["waiting"]?.count { queue.waiting = waiting }
    if let atMost = node["at_most"]?.duration { queue.atMost = atMost }
    return queue
  }

  private mutating func requestGroup(_ node: PlaybookNode, _ tags: [Tag]) -> Group? {
    guard let text = node.text, ScalarKind.group.check(text) == nil else { return nil }
    guard text.hasPrefix("tag.") else { return .caller }
    let name = String(text.dropFirst(4))
    if let index = tags.firstIndex(where: { $0.name == name }) { return .tag(index) }
    refuseTag(name, at: node)
    return nil
  }

  private mutating func limit(_ node: PlaybookNode, _ playbook: Playbook) -> GuardPolicy.Limit? {
    let (dollars, perMinute) = (node["per_day"]?.dollars, node["per_minute"]?.count)
    if node["per_day"] == nil, node["per_minute"] == nil {
      problems.error(at: node, "it limits nothing", "say per_minute: 600, or per_day: $50")
    }
    if let per = node["per"], node["tag"] != nil {
      problems.error(at: per, "one limit is for one tag's value, or for each", "remove tag or per")
    }
    if dollars != nil { checkLimitCost(node, playbook) }
    if let tag = node["tag"] {
      guard let value = budgetTag(tag, playbook.tags) else { return nil }
      return .init(
        scope: .tag(index: value.tag, value: value.value), name: tag.text ?? "", dollarsPerDay: dollars,
        perMinute: perMinute)
    }
    guard let per = node["per"] else {
      return .init(scope: .everyone, name: "all requests", dollarsPerDay: dollars, perMinute: perMinute)
    }
    guard let group = requestGroup(per, playbook.tags) else { return nil }
    return .init(scope: .each(group), name: per.text ?? "", dollarsPerDay: dollars, perMinute: perMinute)
  }

  private mutating func checkLimitCost(_ node: PlaybookNode, _ playbook: Playbook) {
    let arm = playbook.baseline
    guard arm.prices.isEmpty, let profile = Vendor.named(arm.vendor), !profile.reportsCost else { return }
    problems.warning(
      at: node, "what the baseline costs is unknown, so an upper estimate is charged: its vendor reports no cost",
      "give it prices")
  }
}
