/// The limits that bit, as the log tells them: one line of each in a second, however often.

import Listening
import OperatorLog
import RolloutJudge
import SidecarProxy

/// The limits that have bitten since they were last told.
struct LimitBites {
  private var counts: [String: (allowed: Int, count: Int)] = [:]
  private var toldAt: Instant?
  /// The descriptors that traffic may have, as the proxy said at the start.
  var allowed: DescriptorDemand?

  mutating func note(_ name: String, allowed: Int, count: Int = 1) {
    guard count > 0 else { return }
    counts[name] = (allowed, (counts[name]?.count ?? 0) + count)
  }

  /// - Returns: what is to be told now, by name.
  mutating func take(at now: Instant) -> [(name: String, allowed: Int, count: Int)] {
    guard !counts.isEmpty, toldAt.map({ now - $0 >= .seconds(1) }) ?? true else { return [] }
    defer { (counts, toldAt) = ([:], now) }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value.allowed, $0.value.count) }
  }
}

extension RolloutRunner {
  func receive(limit event: ProxyEvent) {
    switch event {
    case .descriptors(let budget):
      bites.allowed = budget.allowed
      log.emit(.limitsFitted(FittedLimits(budget)))
    case .clientsFull(let limit): bites.note("client_connections", allowed: limit)
    case .ranShort(let shortage): bites.note(shortage.rawValue, allowed: DescriptorTable.limit)
    case .answerCut(let arm, let after):
      log.emit(
        .limitReached(
          name: "silence of \(playbook.arm(arm).name), in seconds,", allowed: Int(after.milliseconds / 1000), count: 1))
    case .listening, .draining, .upstreamDown, .upstreamUp: break
    }
  }

  func noteBites(_ counters: ProxyCounters) {
    bites.note(
      "client_connections", allowed: ProxyLimits().clientConnections, count: counters.connectionsRefused)
    bites.note(
      "upstream_connections", allowed: bites.allowed?.live ?? ProxyLimits().upstreamConnections,
      count: counters.upstreamConnectionsRefused)
  }

  func logBites(at now: Instant) {
    for bite in bites.take(at: now) {
      log.emit(.limitReached(name: bite.name, allowed: bite.allowed, count: bite.count))
    }
  }
}

extension FittedLimits {
  init(_ budget: DescriptorBudget) {
    func pair(_ part: KeyPath<DescriptorDemand, Int>) -> Share {
      Share(allowed: budget.allowed[keyPath: part], asked: budget.asked[keyPath: part])
    }
    self.init(
      descriptors: budget.limit, reserve: budget.reserve, clients: pair(\.clients), upstreams: pair(\.live),
      copies: pair(\.copies))
  }
}
