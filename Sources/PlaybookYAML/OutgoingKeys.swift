/// The keys of what leaves for a candidate: fields, headers and parameters that pass, demands that it keeps.

import Dialects
import TrafficSplit

extension PlaybookKeys {
  static let outgoingKeys: [ObjectShape.Key] = [
    .init("routes", .object(routes), "The way to its endpoints, where that is not its vendor's."),
    .init("fields", .object(fields), "Top-level body fields, on top of the vendor's field policy."),
    .init(
      "keeps", .list(.scalar(.choice(Demand.allCases.map(\.rawValue))), 0...Demand.allCases.count),
      "Demands of applications that this candidate honours by contract; requests with any other stay on the baseline."),
    .init(
      "has", .list(.scalar(capability), 0...Capability.named.count),
      "What it has of what its vendor's row says that it has not."),
    .init(
      "lacks", .list(.scalar(capability), 0...Capability.named.count),
      "What it has not, whatever its vendor's row says: requests that ask for it stay on the baseline."),
    .init(
      "pass_headers", .list(.scalar(.passedHeader), 0...50),
      "Headers of the caller that reach it, beyond content type and coding, accept, and the dialect's own."),
    .init(
      "pass_query", .list(.scalar(.passedParameter), 0...50),
      "Query parameters of the caller that reach it, beyond those of the dialect."),
  ]

  private static let capability = ScalarKind.choice(Capability.named.map(\.rawValue))

  static let routes = ObjectShape(
    title: "routes",
    keys: [
      .init(
        "chat", .scalar(.choice(["native", "messages", "absent"])),
        "Chat completions: as they are, said in Anthropic's messages, or never sent to it."),
      .init(
        "messages", .scalar(.choice(["native", "chat", "absent"])),
        "Anthropic's messages: as they are, said as chat completions, or never sent to it."),
      .init(
        "images", .scalar(.choice(["native", "absent"] + Endpoint.images.paths)),
        "Pictures made at once: as they are, at its vendor's path or at this one after /v1/, or never sent to it."),
      .init(
        "videos", .scalar(.choice(["native", "absent"] + Endpoint.videos.paths)),
        "The making of videos: as it is, at its vendor's path or at this one after /v1/, or never sent to it."),
    ])

  static let fields = ObjectShape(
    title: "fields",
    keys: [
      .init("drop", .list(.scalar(.text), 0...100), "Fields cut out of requests to this candidate."),
      .init(
        "keep", .list(.scalar(.text), 0...100),
        "Fields sent although the vendor's policy cuts them out, or although they name persons."),
      .init("rename", .map(.field, .scalar(.text)), "The application's name of a field to this candidate's."),
      .init(
        "values", .map(.field, .map(.fieldText, .scalar(.text))),
        "Texts of a field that it has another word for: { tool_choice: { required: any } }."),
      .init(
        "effort", .scalar(.choice(["reasoning_effort", "thinking", "enable_thinking", "none"])),
        "What reasoning becomes: a word, a switch, or nothing else than what the other rules say. Default: its vendor's."
      ),
      .init(
        "for", .map(.modelGlob, .object(modelFields)),
        "Further drops and renames by model: this candidate's id or the application's, with or without the part before /."
      ),
    ])

  static let modelFields = ObjectShape(
    title: "model_fields",
    keys: [
      .init("drop", .list(.scalar(.text), 0...100), "Fields cut out of requests for these models."),
      .init("rename", .map(.field, .scalar(.text)), "The application's name of a field to the one these models have."),
      .init(
        "lacks", .list(.scalar(capability), 0...Capability.named.count),
        "What these models have not: requests that ask for it stay on the baseline."),
    ])
}

extension KeyKind {
  static let fieldText = KeyKind(noun: "a text", pattern: "^.+$") { $0.isEmpty ? Refusal("must not be empty") : nil }

  static let field = KeyKind(noun: "a field", pattern: "^[^.]+$") { key in
    key.isEmpty || key.contains(".") ? Refusal("must be the name of a top-level field") : nil
  }
}

extension ScalarKind {
  /// A header that the playbook may let pass to a candidate.
  static let passedHeader = ScalarKind(
    noun: "a header's name such as x-request-id", schema: pattern("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
  ) { text in
    if !isHeaderName(text) { return Refusal("not a header's name") }
    return namesCredential(text)
      ? Refusal("callers' credentials reach no candidate", say: "give it a key of its own: key: ${NAME}") : nil
  }

  static let passedParameter = ScalarKind(
    noun: "a query parameter's name such as api-version", schema: pattern("^[^&=;#?]+$")
  ) { text in
    if text.isEmpty || text.contains(where: { "&=;#?".contains($0) }) { return Refusal("not a query parameter's name") }
    return namesCredential(text)
      ? Refusal("callers' credentials reach no candidate", say: "give it a key of its own: key: ${NAME}") : nil
  }
}
