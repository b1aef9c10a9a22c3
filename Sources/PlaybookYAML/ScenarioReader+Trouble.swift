/// Reads what goes wrong in a scenario for a while and comes back, and what the application does about it.

import RolloutSimulation

extension ScenarioReader {
  mutating func readTroubles(_ scenario: inout Scenario) {
    scenario.outages = recurrence(root["outages"], "outage").map {
      Scenario.Outages(
        every: $0.every, lasting: $0.lasting, errorRate: root["outages"]?["error_rate"]?.share ?? 0)
    }
    scenario.incidents = incidents()
    scenario.hours = hours()
    scenario.store = recurrence(root["store"], "failure")
    scenario.retries = root["retries"].map { node in
      var retries = Retries(share: node["share"]?.share ?? 0)
      retries.atMost = node["at_most"]?.count ?? retries.atMost
      retries.after = node["after"]?.duration ?? retries.after
      return retries
    }
  }

  private mutating func recurrence(_ node: PlaybookNode?, _ what: String) -> Recurrence? {
    guard let node else { return nil }
    let times = Recurrence(every: node["every"]?.duration ?? .seconds(1), lasting: node["lasting"]?.duration ?? .zero)
    if let lasting = node["lasting"], node["every"]?.duration != nil, times.lasting > times.every {
      problems.error(at: lasting, "'\(lasting.shown)' is longer than from one \(what) to the next")
    }
    return times
  }

  private mutating func incidents() -> [Incident] {
    guard let node = root["incidents"] else { return [] }
    let items = if case .list(let items) = node.content { items } else { [node] }
    return items.compactMap { item in
      if item["baseline"] == nil, item["candidate"] == nil, case .mapping = item.content {
        problems.error(at: item, "nothing happens in it", "say candidate: { error_rate: 60% }")
      }
      return recurrence(item, "incident").map {
        Incident($0, baseline: partial(item["baseline"]), candidate: partial(item["candidate"]))
      }
    }
  }

  private mutating func hours() -> [HourStep] {
    let items = root["hours"]?.items ?? []
    checkRising(items)
    for item in items {
      guard let node = item["at"], let at = node.duration, at >= .seconds(86_400) else { continue }
      problems.error(at: node, "'\(node.shown)' is not within a day")
    }
    return items.map { HourStep(at: $0["at"]?.duration ?? .zero, latency: $0["latency"]?.number ?? 1) }
  }
}
