/// Reads the arms: the vendor's profile first, then what the playbook says in its place.

import RolloutJudge
import TrafficSplit
import Vendors

extension PlaybookReader {
  mutating func arm(_ node: PlaybookNode, isBaseline: Bool) -> Arm {
    let vendor = node["vendor"]?.text ?? ""
    let profile = Vendor.named(vendor)
    var arm = Arm(
      name: node["name"]?.name ?? "", vendor: profile?.name ?? vendor,
      url: ArmURL(isTLS: true, host: "", port: 443, basePath: ""),
      key: node["key"]?.text.map(Secret.init), authentication: profile?.authentication ?? .bearer)
    if let own = node["auth"]?.text.flatMap(Authentication.init(word:)) { arm.authentication = own }
    if let url = url(node, profile) { arm.url = url }
    arm.proxy = proxy(node, of: arm.url)
    arm.headers = headers(node, profile, arm.authentication, hasKey: arm.key != nil)
    arm.costFactor = 1 + (node["overhead"]?.share ?? 0)
    arm.reconcile = reconcile(node, profile)
    arm.prices = prices(node, factor: arm.costFactor)
    arm.effortDays = node["effort_days"]?.number
    if !isBaseline {
      arm.models = models(node)
      arm.dropFields = dropFields(node, profile)
      arm.outgoing = outgoing(node, profile, dropped: arm.dropFields)
      checkPrices(node, arm)
    }
    if isBaseline, let profile, !profile.answersText, let vendor = node["vendor"] {
      problems.error(
        at: vendor, "'\(vendor.shown)' answers no chats: it can be a candidate for pictures and videos, and no baseline"
      )
    }
    checkKey(node, arm, profile, isBaseline: isBaseline)
    return arm
  }

  /// Where nobody can be asked, nothing is to be said of it.
  private mutating func reconcile(_ node: PlaybookNode, _ profile: Vendor?) -> Double {
    guard profile?.bill != nil else {
      if let own = node["reconcile"], own.share ?? 0 > 0 {
        problems.warning(
          at: own, "'\(node["vendor"]?.shown ?? "")' is not known to say afterwards what it billed", "remove it")
      }
      return 0
    }
    return node["reconcile"]?.share ?? 0.05
  }

  private mutating func url(_ node: PlaybookNode, _ profile: Vendor?) -> ArmURL? {
    if let own = node["url"] {
      guard let url = own.url else { return nil }
      let wantsPath = profile?.baseURL == nil && profile?.name != "litellm"
      if wantsPath, url.basePath.isEmpty {
        problems.warning(at: own, "the base URL has no path", "what follows /v1/ is appended to it, so most end in /v1")
      }
      return url
    }
    guard let profile else { return nil }
    guard let base = profile.baseURL else {
      problems.error(
        node.place, node.path, "'url' is missing",
        "every '\(node["vendor"]?.shown ?? "")' has its own: say url: https://HOST:PORT/v1")
      return nil
    }
    return readURL(base).value
  }

  private mutating func headers(
    _ node: PlaybookNode, _ profile: Vendor?, _ authentication: Authentication, hasKey: Bool
  ) -> [Arm.Header] {
    let entries = node["headers"]?.entries ?? []
    var seen: [String: String] = [:]
    for entry in entries {
      let name = entry.key.lowercased()
      if let first = seen.updateValue(entry.key, forKey: name) {
        problems.error(entry.keyPlace, entry.value.path, "the same header as '\(first)'", "header names ignore case")
      }
      if let reason = refusal(ofHeader: name, authentication, hasKey: hasKey) {
        problems.error(entry.keyPlace, entry.value.path, reason.message, reason.say)
      }
    }
    let fixed = (profile?.headers ?? []).filter { seen[$0.name] == nil }
    return fixed.map { Arm.Header(name: $0.name, value: Secret($0.value)) }
      + entries.compactMap { entry in entry.value.text.map { Arm.Header(name: entry.key, value: Secret($0)) } }
  }

  private func refusal(ofHeader name: String, _ authentication: Authentication, hasKey: Bool) -> Refusal? {
    let framing = [
      "host", "connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "content-length",
      "content-type", "content-encoding", "expect", "proxy-connection",
    ]
    if framing.contains(name) { return Refusal("this header is set by Crossfade for every request") }
    if name.hasPrefix("x-crossfade-") { return Refusal("headers that begin with x-crossfade- are Crossfade's own") }
    guard hasKey else { return nil }
    let carrier: String
    switch authentication {
    case .bearer, .scheme: carrier = "authorization"
    case .header(let header): carrier = header.lowercased()
    }
    return name == carrier ? Refusal("this header carries the key already", say: "remove it, or the key") : nil
  }

  private mutating func models(_ node: PlaybookNode) -> ModelMap {
    var map = ModelMap()
    var patterns: [(glob: Glob, path: String)] = []
    for entry in node["models"]?.entries ?? [] {
      guard let to = entry.value.text else { continue }
      let stars = to.count { $0 == "*" }
      if stars > 1 {
        problems.error(at: entry.value, "a model holds one * at most: '\(entry.value.shown)'")
      } else if stars == 1, !entry.key.contains("*") {
        problems.error(at: entry.value, "'\(entry.value.shown)' has a *, but '\(entry.key)' has none to take it from")
      }
      let from = Glob(entry.key)
      if let earlier = patterns.first(where: { $0.glob.matches(entry.key) }), !from.isLiteral {
        problems.warning(at: entry.value, "never used: \(earlier.path) matches all of it", "put it first")
      }
      if !from.isLiteral { patterns.append((from, entry.value.path)) }
      map.lines.append(ModelMap.Line(from: from, to: to))
    }
    return map
  }
}
