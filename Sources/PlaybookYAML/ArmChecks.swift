/// What must hold between the arms, and what should be said about their keys and addresses.

import RolloutJudge
import TrafficSplit
import Vendors

extension PlaybookReader {
  /// Names are how people, headers and metrics tell arms apart.
  mutating func checkNames(_ candidates: [PlaybookNode]) {
    var taken: [String: String] = [:]
    if let name = root["baseline"]?["name"]?.name { taken[name] = "baseline" }
    for node in candidates {
      guard let nameNode = node["name"], let name = nameNode.name else { continue }
      if let owner = taken[name] {
        problems.error(at: nameNode, "the name '\(nameNode.shown)' is taken by \(owner)", "every arm needs its own")
      } else {
        taken[name] = node.path
      }
    }
  }

  mutating func checkAddresses(baseline: Arm, candidates: [Arm], _ nodes: [PlaybookNode]) {
    guard !baseline.url.host.isEmpty else { return }
    for (candidate, node) in zip(candidates, nodes) where candidate.url == baseline.url {
      problems.warning(
        at: node["url"] ?? node, "the same address as the baseline's", "such a rollout compares a gateway with itself")
    }
  }

  mutating func checkKey(_ node: PlaybookNode, _ arm: Arm, _ profile: Vendor?, isBaseline: Bool) {
    let variable = profile?.keyVariable ?? "GATEWAY_API_KEY"
    if let key = node["key"], let scalar = key.scalar, !scalar.source.contains("${"), !key.isNull {
      problems.warning(at: key, "the key stands in the file itself", "say key: ${\(variable)} and set the variable")
    }
    guard !arm.url.host.isEmpty, !arm.url.isLoopback else { return }
    let sendsKey = arm.key != nil || isBaseline
    if sendsKey, !arm.url.isTLS, let url = node["url"] {
      problems.warning(at: url, "http carries the key over the network unencrypted", "use https")
    }
    let hasCredentials = arm.key != nil || arm.headers.contains { $0.name.lowercased() == "authorization" }
    if !isBaseline, !hasCredentials, node["key"] == nil, profile != nil {
      problems.warning(at: node, "requests to it carry no credentials", "say key: ${\(variable)}")
    }
    checkPortkey(node, arm)
  }

  /// Portkey answers 400 to a request that does not say where it should go.
  private mutating func checkPortkey(_ node: PlaybookNode, _ arm: Arm) {
    guard arm.vendor == "portkey" else { return }
    let routing = ["x-portkey-provider", "x-portkey-config", "x-portkey-virtual-key", "x-portkey-custom-host"]
    let isRouted = arm.headers.contains { routing.contains($0.name.lowercased()) }
    let namesItsProvider = !arm.models.lines.isEmpty && arm.models.lines.allSatisfy { $0.to.hasPrefix("@") }
    if !isRouted, !namesItsProvider {
      problems.warning(
        at: node, "portkey is not told where to send requests", "say headers: { x-portkey-provider: \"@slug\" }")
    }
  }
}
