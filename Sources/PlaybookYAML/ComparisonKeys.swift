/// The keys about what is compared, kept, told apart and spent; read in `ComparisonReading`.

import ResponseDiff
import RolloutJudge

extension PlaybookKeys {
  static let compare = ObjectShape(
    title: "compare",
    keys: [
      .init(
        "ignore", .list(.scalar(.answerPath), 0...100),
        "Paths of an answer that are not looked at; * is one step, ** any number. Default: id, created, usage.**."),
      .init(
        "tool_calls", .scalar(.choice(ComparisonRules.ToolCalls.allCases.map(\.rawValue))),
        "exact (default): the same names and arguments in the same order; names: the same names; ignore."),
      .init("text", .object(text), "How alike texts must be."),
      .init(
        "json", .scalar(.choice(ComparisonRules.JSON.allCases.map(\.rawValue))),
        "Structured output: exact, exact_shape (default: the same keys and types), schema (what was asked for), ignore."
      ),
      .init("per_second", .scalar(.count(1...10_000)), "Pairs compared a second at most. Default 50."),
      .init(
        "semantic", .object(semantic), "An OpenAI-compatible embeddings endpoint that says how alike two texts are."),
    ])

  static let text = ObjectShape(
    title: "text",
    keys: [
      .init(
        "similarity", .scalar(.likeness), "Texts less alike than this are a mismatch. Default: wording is not judged.",
        missing: "say similarity: 0.6, or remove 'text'")
    ])

  static let semantic = ObjectShape(
    title: "semantic",
    keys: [
      .init("url", .scalar(.url), "Base URL; /embeddings is appended.", missing: "say url: https://api.openai.com/v1"),
      .init("model", .scalar(.text), "The embedding model.", missing: "say model: text-embedding-3-small"),
      .init("key", .scalar(.secret), "Its key, best as ${NAME}."),
      .init("at_least", .scalar(.likeness), "The cosine below which two texts mean something else. Default 0.85."),
      .init("share", .scalar(.share), "Share of compared pairs that it is asked about. Default 5%."),
    ])

  static let samples = ObjectShape(
    title: "samples",
    keys: [
      .init("different", .scalar(.count(0...10_000)), "Most different pairs kept, for each candidate. Default 200."),
      .init("uniform", .scalar(.count(0...10_000)), "Pairs of a uniform sample kept, for each candidate. Default 200."),
      .init("body", .scalar(.sampleBody), "Kept of each body at most. Default 64KiB."),
      .init("keep", .scalar(.positiveDuration), "For how long. Default 30d."),
      .init("size", .scalar(.size), "Of all kept bodies together at most. Default 64MiB."),
    ])

  static let budget = ObjectShape(
    title: "budget",
    keys: [
      .init("arm", .scalar(.name), "The candidate whose answers cost it.", missing: "say which candidate"),
      .init("tag", .scalar(.tagValue), "Only requests with this tag, such as team=search. Default: all of them."),
      .init(
        "per_day", .scalar(.dayAmount), "Spent: the baseline answers until the next day (UTC), and nothing is copied.",
        missing: "say per_day: $50"),
    ])
}

extension KeyKind {
  static let tag = KeyKind(noun: "a tag's name", pattern: "^[A-Za-z_][A-Za-z0-9_]{0,31}$") { key in
    let isPlain = key.utf8.allSatisfy { isWordByte($0) && $0 != UInt8(ascii: "-") }
    guard isPlain, let first = key.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
      return Refusal("a tag's name holds only letters, digits and '_', and begins with no digit")
    }
    return key.utf8.count > 32 ? Refusal("a tag's name cannot be longer than 32 characters") : nil
  }
}
