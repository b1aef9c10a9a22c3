/// The traffic that a process has seen, held against the playbook: what each candidate will be sent of it, and what will stay away.

package struct SeenTraffic: Sendable, Encodable, Equatable {
  /// Where it is known from.
  package var source: String
  /// Live requests whose fields are known.
  package var requests: Int
  package var candidates: [Candidate]

  package init(source: String, requests: Int, candidates: [Candidate]) {
    self.source = source
    self.requests = requests
    self.candidates = candidates
  }

  package struct Candidate: Sendable, Encodable, Equatable {
    package var name: String
    /// Requests that its endpoints and its map of models let go there.
    package var eligible = 0
    /// The others, by reason.
    package var staying: [String: Int] = [:]
    package var cut: [Field] = []
    package var renamed: [Field] = []
    package var mapped: [Field] = []
    /// Fields with which a request stays away where they say what the candidate has not; `to` is the reason. Only their names are
    /// known, not what they said.
    package var mayStay: [Field] = []
    /// Requests that have stayed away from it so far, by reason; of a running process since its start.
    package var keptAway: [String: Int] = [:]
    /// The application's models that no line of its map matches, and their requests.
    package var unmappedModels: [String: Int] = [:]

    package init(name: String) { self.name = name }

    enum CodingKeys: String, CodingKey {
      case name, eligible, staying, cut, renamed, mapped
      case mayStay = "may_stay"
      case keptAway = "kept_away"
      case unmappedModels = "unmapped_models"
    }
  }

  /// A field of requests to one endpoint.
  package struct Field: Sendable, Encodable, Equatable {
    package var endpoint: String
    package var field: String
    /// What stands in its place; absent where nothing does.
    package var to: String?
    package var requests: Int

    package init(endpoint: String, field: String, to: String? = nil, requests: Int) {
      self.endpoint = endpoint
      self.field = field
      self.to = to
      self.requests = requests
    }
  }

  // MARK: for people

  private static let shown = 12

  package var lines: [String] {
    guard requests > 0 || candidates.contains(where: { !$0.keptAway.isEmpty }) else {
      return ["traffic seen so far (\(source)): none, so that nothing can be said of its fields"]
    }
    let known = requests > 0 ? Self.counted(requests, "request") : "its fields are kept in the store: --store FILE"
    return ["traffic seen so far (\(source)): \(known)"] + candidates.flatMap(lines)
  }

  private func lines(_ candidate: Candidate) -> [String] {
    var lines: [String] = []
    func say(_ what: String, _ items: [String]) {
      guard !items.isEmpty else { return }
      let more = items.count > Self.shown ? " and \(items.count - Self.shown) more: --json" : ""
      lines.append("    \(what): \(items.prefix(Self.shown).joined(separator: ", "))\(more)")
    }
    if requests > 0 {
      let stays = Self.counts(candidate.staying)
      lines.append(
        "  \(candidate.name): \(candidate.eligible) of \(requests) can go there by endpoint and model"
          + (stays.isEmpty ? "" : ", the rest stays on the baseline (\(stays.joined(separator: ", ")))"))
      let plain = candidate.cut.isEmpty && candidate.renamed.isEmpty && candidate.mapped.isEmpty
      if plain, candidate.eligible > 0 { lines.append("    every field is sent as it is") }
    } else {
      lines.append("  \(candidate.name)")
    }
    say(
      "stay where they ask for what it has not", candidate.mayStay.map { "\($0.field) \($0.requests) (\($0.to ?? ""))" }
    )
    say("cut", candidate.cut.map(\.text))
    say("renamed", candidate.renamed.map(\.text))
    say("said otherwise", candidate.mapped.map(\.text))
    say("models without a line", Self.counts(candidate.unmappedModels))
    say("stayed away so far", Self.counts(candidate.keptAway))
    return lines
  }

  private static func counts(_ counts: [String: Int]) -> [String] {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
  }

  private static func counted(_ count: Int, _ one: String) -> String { "\(count) \(one)\(count == 1 ? "" : "s")" }
}

extension SeenTraffic.Field {
  /// `provider 12`, `max_completion_tokens as max_tokens 3`.
  fileprivate var text: String { "\(field)\(to.map { " as \($0)" } ?? "") \(requests)" }
}
