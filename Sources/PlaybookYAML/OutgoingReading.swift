/// Reads what leaves for a candidate: which fields are dropped, kept and renamed, what else passes, what it keeps.

import Dialects
import MediaJobs
import RolloutJudge
import TrafficSplit
import Vendors

extension PlaybookReader {
  /// Without these no request makes sense.
  private static let needed = ["model", "messages", "input", "prompt", "stream"]

  /// - Parameter dropped: the arm's fields that are dropped, the vendor's among them.
  mutating func outgoing(_ node: PlaybookNode, _ profile: Vendor?, dropped: [String]) -> OutgoingPolicy {
    var policy = OutgoingPolicy()
    let fields = node["fields"]
    policy.headers = (node["pass_headers"]?.items ?? []).compactMap { $0.text?.lowercased() }
    policy.query = (node["pass_query"]?.items ?? []).compactMap(\.text)
    policy.keptFields = (fields?["keep"]?.items ?? []).compactMap(\.text)
    policy.renames = renames(fields?["rename"])
    let ownDrops = (fields?["drop"]?.items ?? []).compactMap(\.text)
    policy.vendor = profile?.fields ?? FieldPolicy()
    // What the playbook says of a field goes before what the vendor's row says.
    let own = ownDrops + policy.keptFields + policy.renames.map(\.from)
    if own.contains("reasoning") {
      policy.vendor.effort = nil
      for index in policy.vendor.byModel.indices { policy.vendor.byModel[index].effort = nil }
    }
    if policy.keptFields.contains("cache_control") { policy.vendor.messages.keepsCacheControl = true }
    policy.vendor.renames.removeAll { own.contains($0.from) }
    policy.vendor.values.removeAll { own.contains($0.field) }
    readWords(fields, &policy)
    policy.media = media(profile, own)
    let everywhere = Set(FieldPolicy.openRouterOnly + PrivateName.members + ownDrops)
    policy.chatOnlyDrops = dropped.filter { !everywhere.contains($0) }
    for entry in fields?["rename"]?.entries ?? [] where ownDrops.contains(entry.key) {
      problems.error(entry.keyPlace, entry.value.path, "'\(entry.key)' is dropped as well", "do one of the two")
    }
    let has = capabilities(node["has"])
    for item in node["lacks"]?.items ?? [] where item.text.flatMap(Capability.init).map(has.contains) == true {
      problems.error(at: item, "the candidate both has and lacks '\(item.shown)'", "say one of the two")
    }
    for entry in fields?["for"]?.entries ?? [] {
      let drop = drops(entry.value["drop"])
      policy.byModel.append(
        ModelFields(
          models: Glob(entry.key), drop: drop, renames: renames(entry.value["rename"]),
          lacks: capabilities(entry.value["lacks"])))
    }
    let keeps = Set((node["keeps"]?.items ?? []).compactMap { $0.text.flatMap(Demand.init) })
    let absent = readRoutes(node, profile, &policy)
    policy.jobs = jobs(node, profile)
    policy.eligibility = EligibilityPolicy(
      keeps: keeps,
      carries: (profile?.carries ?? Capability.usual).union(has)
        .subtracting(capabilities(node["lacks"])),
      absent: Endpoint.allCases.filter(absent.contains), translated: Array(policy.translations.keys),
      jobs: policy.jobs?.kinds ?? [],
      lacks: modelLacks(policy, has), without: Set(capabilities(node["lacks"])))
    return policy
  }

  /// The candidate's own words for a field's values, and for how hard a model is to think.
  private func readWords(_ fields: PlaybookNode?, _ policy: inout OutgoingPolicy) {
    for field in fields?["values"]?.entries ?? [] {
      policy.vendor.values.removeAll { $0.field == field.key }
      for value in field.value.entries {
        if let to = value.value.text { policy.vendor.values.append(ValueRename(field.key, value.key, to: to)) }
      }
    }
    guard let word = fields?["effort"]?.text else { return }
    policy.vendor.effort =
      switch word {
      case "reasoning_effort": .reasoningEffort
      case "thinking": .thinking
      case "enable_thinking": .enableThinking
      default: nil
      }
    for index in policy.vendor.byModel.indices { policy.vendor.byModel[index].effort = nil }
  }

  /// - Parameter has: what the playbook says that the candidate has, whatever the vendor's row says of a model.
  private func modelLacks(_ policy: OutgoingPolicy, _ has: [Capability]) -> [ModelLack] {
    let vendors = policy.vendor.byModel.map { ($0.models, $0.lacks.filter { !has.contains($0) }) }
    return (policy.byModel.map { ($0.models, $0.lacks) } + vendors).filter { !$0.1.isEmpty }.map {
      ModelLack(models: $0.0, $0.1)
    }
  }

  private func capabilities(_ list: PlaybookNode?) -> [Capability] {
    (list?.items ?? []).compactMap { $0.text.flatMap(Capability.init) }
  }

  /// - Parameter own: fields that the playbook speaks of.
  private func media(_ profile: Vendor?, _ own: [String]) -> [Endpoint: FieldPolicy] {
    (profile?.mediaFields ?? [:]).mapValues { fields in
      fields.with {
        $0.renames.removeAll { own.contains($0.from) }
        $0.values.removeAll { own.contains($0.field) }
        $0.drop.removeAll { own.contains($0) }
      }
    }
  }

  /// - Returns: the endpoints that there are none of.
  private func readRoutes(_ node: PlaybookNode, _ profile: Vendor?, _ policy: inout OutgoingPolicy) -> Set<Endpoint> {
    // Elsewhere than at the profile's own address the operator knows what there is; pictures and videos are never taken
    // for granted.
    let isAtHome = node["url"] == nil || profile?.baseURL == nil
    let answersText = profile?.answersText ?? true
    var absent = Set((profile?.absent ?? []).filter { isAtHome || $0.isMedia || !answersText })
    for endpoint in Endpoint.allCases {
      if endpoint.isMedia { policy.paths[endpoint] = profile?.path(of: endpoint) ?? endpoint.paths[0] }
      if case .translated(let other)? = profile?.route(to: endpoint) { policy.translations[endpoint] = other }
    }
    for entry in node["routes"]?.entries ?? [] {
      guard let endpoint = Endpoint(word: entry.key), let way = entry.value.text else { continue }
      absent.remove(endpoint)
      if way == "absent" { absent.insert(endpoint) }
      guard !endpoint.isMedia else {
        if endpoint.paths.contains(way) { policy.paths[endpoint] = way }
        continue
      }
      policy.translations[endpoint] = Endpoint(word: way).flatMap { $0 == endpoint ? nil : $0 }
    }
    return absent
  }

  /// Asked for where the playbook says; without a word, where the arm is, if the playbook says that: a key goes nowhere else.
  private func jobs(_ node: PlaybookNode, _ profile: Vendor?) -> ArmJobs? {
    guard var row = profile?.jobs else { return nil }
    // Whoever says that it has the endpoint itself, or has none, wants no jobs.
    if node["routes"]?["images"] != nil { row.pictures = nil }
    if node["routes"]?["videos"] != nil { row.videos = nil }
    guard row.pictures != nil || row.videos != nil, let usual = readURL(row.baseURL).value else { return nil }
    if let own = node["media_url"] { return own.url.map { ArmJobs(row, at: $0) } }
    guard let own = node["url"] else { return ArmJobs(row, at: usual) }
    guard var url = own.url else { return nil }
    // The same vendor on another host has its jobs beside its chats, as at home.
    let home = profile?.baseURL.flatMap { readURL($0).value }
    if url.basePath == home?.basePath { url.basePath = usual.basePath }
    return ArmJobs(row, at: url)
  }

  /// The vendor's policy, and what names persons, and the playbook's own.
  mutating func dropFields(_ node: PlaybookNode, _ profile: Vendor?) -> [String] {
    var fields = profile?.fields.drop ?? []
    let allowed = profile?.fields.only
    for name in PrivateName.members where !fields.contains(name) { fields.append(name) }
    for item in node["fields"]?["keep"]?.items ?? [] {
      guard let name = item.text else { continue }
      if let index = fields.firstIndex(of: name) {
        fields.remove(at: index)
      } else if PrivateName.isCredential(name) {
        problems.error(at: item, "'\(item.shown)' holds a credential, and callers' credentials reach no candidate")
      } else if !PrivateName.isPrivate(name), allowed?.contains(name) ?? true {
        problems.warning(at: item, "'\(item.shown)' is sent to this vendor anyway", "remove it")
      }
    }
    // A field that the playbook renames is known there after all.
    let renamed = (node["fields"]?["rename"]?.entries ?? []).map(\.key)
    fields.removeAll(where: renamed.contains)
    for name in drops(node["fields"]?["drop"]) where !fields.contains(name) { fields.append(name) }
    return fields
  }

  private mutating func drops(_ list: PlaybookNode?) -> [String] {
    var names: [String] = []
    for item in list?.items ?? [] {
      guard let name = item.text else { continue }
      if Self.needed.contains(name) {
        problems.error(at: item, "no request makes sense without '\(item.shown)'", "remove it")
      } else if name.contains(".") {
        problems.error(at: item, "only top-level fields can be dropped: '\(item.shown)'")
      } else {
        names.append(name)
      }
    }
    return names
  }

  private mutating func renames(_ map: PlaybookNode?) -> [FieldRename] {
    var renames: [FieldRename] = []
    for entry in map?.entries ?? [] {
      guard let to = entry.value.text else { continue }
      if Self.needed.contains(entry.key) || Self.needed.contains(to) {
        problems.error(at: entry.value, "'\(entry.key)' cannot be renamed to '\(entry.value.shown)'")
      } else if entry.key == to {
        problems.warning(at: entry.value, "'\(entry.key)' has that name already", "remove it")
      } else {
        renames.append(FieldRename(from: entry.key, to: to))
      }
    }
    return renames
  }
}

/// Whether a header, parameter or field by this name holds a credential, whatever the playbook wants it for.
func namesCredential(_ name: String) -> Bool { PrivateName.isCredential(name) }

extension Endpoint {
  /// The word for it in a playbook.
  var word: String { self == .chatCompletions ? "chat" : rawValue }

  init?(word: String) {
    guard let endpoint = Endpoint.allCases.first(where: { $0.word == word }) else { return nil }
    self = endpoint
  }
}
