/// A vendor's row in words: what is sent to it, cut, renamed and kept away, and how sure that is.

import Dialects
import MediaJobs
import TrafficSplit

/// For people, line by line, and for machines.
package struct VendorDescription: Sendable, Encodable, Equatable {
  package let name: String
  package let alsoCalled: [String]
  /// Absent where every installation has its own.
  package let url: String?
  package let key: String
  package let keyVariable: String?
  package let headers: [String]
  /// Whether playbooks can name it as an arm.
  package let isArm: Bool
  /// What it makes by jobs, and where; nil for nothing.
  package let jobs: String?
  /// The words of those jobs.
  package let jobKinds: [JobDescription]
  /// Each endpoint and the way to it: `native`, `as messages`, `absent`.
  package let endpoints: [EndpointWay]
  package let cost: String
  /// Where a sample of its costs is asked for once more; nil where nowhere.
  package let bill: String?
  package let models: String
  package let cut: [String]
  /// The only fields of a chat that it is sent.
  package let only: [String]?
  package let renamed: [Rename]
  /// Endpoints with words of their own, and which it is sent.
  package let media: [String: String]
  package let messages: [String]
  package let byModel: [String]
  /// What keeps a request on the baseline.
  package let keptAway: [String]
  package let trust: [String: String]
  package let remark: String?
  private let isTextVendor: Bool

  package struct EndpointWay: Sendable, Encodable, Equatable {
    package let endpoint: String
    package let way: String
  }

  package struct Rename: Sendable, Encodable, Equatable {
    package let from: String
    package let to: String
  }

  enum CodingKeys: String, CodingKey {
    case name, url, key, headers, endpoints, cost, bill, models, cut, only, renamed, messages, media, trust, remark
    case alsoCalled = "also_called"
    case keyVariable = "key_variable"
    case jobs
    case jobKinds = "job_kinds"
    case isArm = "is_arm"
    case byModel = "by_model"
    case keptAway = "kept_away"
  }

  package init(_ vendor: Vendor) {
    let fields = vendor.fields
    name = vendor.name
    alsoCalled = vendor.otherNames
    url = vendor.baseURL
    key =
      switch vendor.authentication {
      case .bearer: "Authorization: Bearer KEY"
      case .header(let name): "\(name): KEY"
      case .scheme(let scheme): "Authorization: \(scheme) KEY"
      }
    keyVariable = vendor.keyVariable
    headers = vendor.headers.map { "\($0.name): \($0.value)" }
    isArm = vendor.canBeArm
    jobs = vendor.jobs.map { row in
      let kinds = [row.pictures.map { _ in "pictures" }, row.videos.map { _ in "videos" }].compactMap(\.self)
      return "\(kinds.joined(separator: " and ")), at \(row.baseURL)"
    }
    jobKinds =
      (vendor.jobs?.pictures.map { [JobDescription("pictures", $0)] } ?? [])
      + (vendor.jobs?.videos.map { [JobDescription("videos", $0)] } ?? [])
    endpoints = Endpoint.allCases.map { EndpointWay(endpoint: $0.rawValue, way: vendor.way(to: $0)) }
    cost = vendor.cost.rawValue
    bill = vendor.bill?.path
    models = vendor.modelRule.rawValue
    // Of a chat for a picture only what a job has words for reaches such a vendor.
    cut = vendor.answersText ? fields.drop : []
    only = fields.only.map { only in only.filter { !fields.drop.contains($0) } }
    renamed =
      fields.renames.map { Rename(from: $0.from, to: $0.to) }
      + fields.values.map { Rename(from: "\($0.field): \($0.from)", to: "\($0.field): \($0.to)") }
      + (fields.effort.map { [Rename(from: "reasoning", to: $0.name)] } ?? [])
    let parts = [Endpoint.images, .videos].filter { vendor.route(to: $0) == .native }.compactMap { endpoint in
      vendor.mediaFields[endpoint]?.mediaWords.map { (endpoint.rawValue, $0) }
    }
    media = Dictionary(uniqueKeysWithValues: parts)
    messages = vendor.answersText ? fields.messages.words : []
    byModel = fields.byModel.map(\.words)
    let policy = EligibilityPolicy(carries: vendor.carries)
    // What pictures may be asked for with, a job's own words say.
    let ofJobs: [Ineligibility] = [.contentPart, .severalChoices, .logprobs, .schemaNotExpressible]
    keptAway = policy.reasons.filter { $0 != .endpointAbsent && (vendor.answersText || !ofJobs.contains($0)) }
      .map(\.rawValue)
    trust = Dictionary(uniqueKeysWithValues: vendor.trust.parts.map { ($0.name, $0.mark.rawValue) })
    remark = vendor.remark
    isTextVendor = vendor.answersText
  }

  package var lines: [String] {
    var lines = [name + (alsoCalled.isEmpty ? "" : ", also \(alsoCalled.joined(separator: ", "))")]
    func say(_ what: String, _ text: String) { lines.append("  \(what): \(text)") }
    say("address", url ?? "every installation has its own: say url:")
    say("key", key + (keyVariable.map { ", usually in \($0)" } ?? ""))
    if !headers.isEmpty { say("headers", headers.joined(separator: ", ")) }
    guard isArm else {
      say("traffic", "no playbook can name it as an arm")
      return lines + [trustLine]
    }
    if let jobs { say("by jobs", jobs) }
    for kind in jobKinds { for (what, text) in kind.lines { say(what, text) } }
    say("endpoints", endpoints.map { "\($0.endpoint) \($0.way)" }.joined(separator: ", "))
    say("models", models)
    if isTextVendor { say("cost", cost) }
    if let bill { say("billed", "a sample is asked for afterwards, at GET \(bill), where it has a key of its own") }
    if let only {
      say("of a chat's fields it is sent only", only.joined(separator: ", "))
    } else if !cut.isEmpty {
      say("never sent to it", cut.joined(separator: ", "))
    }
    for (endpoint, words) in media.sorted(by: { $0.key < $1.key }) {
      say("of the fields of \(endpoint) it is sent", words)
    }
    if !renamed.isEmpty { say("translated", renamed.map { "\($0.from) to \($0.to)" }.joined(separator: ", ")) }
    if !messages.isEmpty { say("in messages", messages.joined(separator: "; ")) }
    for line in byModel { say("models", line) }
    say("stays on the baseline", keptAway.joined(separator: ", "))
    if let remark { say("know", remark) }
    return lines + [trustLine]
  }

  private var trustLine: String {
    let parts = ["address", "key", "endpoints", "fields", "cost"].compactMap { part in
      trust[part].map { "\(part) \($0)" }
    }
    return "  how sure: \(parts.joined(separator: ", "))"
  }
}

extension Vendor {
  /// `native`, `as messages`, `by a job`, `absent`.
  fileprivate func way(to endpoint: Endpoint) -> String {
    let isAbsent = route(to: endpoint) == .absent
    switch endpoint {
    case .images where isAbsent && jobs?.pictures != nil, .videos where isAbsent && jobs?.videos != nil:
      return "by a job"
    case .chatCompletions where jobs?.pictures != nil:
      return isAbsent ? "pictures by a job" : "native, pictures by a job"
    default: return route(to: endpoint).text
    }
  }
}

extension Route {
  package var text: String {
    switch self {
    case .native: "native"
    case .translated(let endpoint): "as \(endpoint.rawValue)"
    case .absent: "absent"
    }
  }
}

extension FieldPolicy {
  /// Nil where everything is sent.
  fileprivate var mediaWords: String? {
    let words =
      only.map { ["only \($0.joined(separator: ", "))"] } ?? (drop.isEmpty ? [] : ["none of OpenRouter's own"])
    let renamed = renames.map { "\($0.from) as \($0.to)" }
    let size = form.map { ["a size as \($0.names.joined(separator: " and "))"] } ?? []
    let all = words + renamed + size
    return all.isEmpty ? nil : all.joined(separator: "; ")
  }
}

extension MessagePolicy {
  fileprivate var words: [String] {
    var words: [String] = []
    if let only {
      words.append("only role, content, tool_calls, tool_call_id" + only.map { ", \($0)" }.joined())
    } else if !drop.isEmpty {
      words.append("without \(drop.joined(separator: ", "))")
    }
    words += renames.map { "\($0.from) as \($0.to)" }
    if !keepsCacheControl { words.append("without cache_control") }
    return words
  }
}

extension ModelFields {
  /// In one line: `claude-*: without temperature, seed as random_seed`.
  package var words: String {
    let drops = drop.isEmpty ? [] : ["without \(drop.joined(separator: ", "))"]
    let effort = effort.map { ["reasoning as \($0.name)"] } ?? []
    let lacks = lacks.isEmpty ? [] : ["kept away: \(lacks.map(\.rawValue).joined(separator: ", "))"]
    let words = drops + renames.map { "\($0.from) as \($0.to)" } + effort + lacks
    return "\(models.pattern): \(words.joined(separator: ", "))"
  }
}
