/// The differences an operator wants held against a candidate: which parts of two answers must be equal, and how equal.

package struct ComparisonRules: Sendable, Equatable, Codable {
  /// Paths of the answer that are not looked at, with all below them, such as `id` or `usage.*`; `*` stands for one
  /// step, `**` for any number, at the end at least one: `usage.**` leaves it told that `usage` is missing.
  package var ignore: [String]
  package var toolCalls: ToolCalls
  package var text: Text
  package var json: JSON

  /// How tool calls are held against each other.
  package enum ToolCalls: String, Sendable, CaseIterable, Codable {
    /// The same names in the same order, with arguments equal as canonical JSON.
    case exact
    /// The same names in any order, with arguments of the same shape.
    case names
    case ignore
  }

  package struct Text: Sendable, Equatable, Codable {
    /// 0…1: texts less alike than this are a mismatch; nil: their wording is not held against anyone.
    package var similarity: Double?

    package init(similarity: Double? = nil) { self.similarity = similarity }
  }

  /// How structured output (asked for by `response_format`) is held against each other.
  package enum JSON: String, Sendable, CaseIterable, Codable {
    /// Equal as canonical JSON.
    case exact
    /// The same keys and types at the same paths.
    case exactShape = "exact_shape"
    /// It parses and matches the schema that the request declares.
    case schema
    case ignore
  }

  package init(
    ignore: [String] = ["id", "created", "usage.**"], toolCalls: ToolCalls = .exact, text: Text = Text(),
    json: JSON = .exactShape
  ) {
    self.ignore = ignore
    self.toolCalls = toolCalls
    self.text = text
    self.json = json
  }
}
