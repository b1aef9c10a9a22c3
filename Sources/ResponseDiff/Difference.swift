/// One way in which two answers to the same request differ.

package struct Difference: Sendable, Equatable, Codable {
  /// Where: dotted, with indices in brackets, such as `choices[0].message.tool_calls[0].arguments.city`.
  package var path: String
  package var kind: Kind
  package var severity: Severity
  /// The baseline's value there, cut to 200 characters; nil where it has nothing.
  package var baseline: String?
  package var candidate: String?

  package enum Kind: String, Sendable, CaseIterable, Codable {
    case outcome, status
    case finishReason = "finish_reason"
    case refusal
    /// A picture or a sound that the baseline's answer has and the candidate's lacks, or the reverse; another type of it.
    case media
    case toolCallMissing = "tool_call_missing"
    case toolCallAdded = "tool_call_added"
    case toolCallName = "tool_call_name"
    case toolArguments = "tool_arguments"
    case toolArgumentsInvalid = "tool_arguments_invalid"
    case jsonInvalid = "json_invalid"
    case jsonSchema = "json_schema"
    case jsonShape = "json_shape"
    case jsonValue = "json_value"
    case text
    case language
    case length
    case dimension
    case cosine
    case usageMissing = "usage_missing"
    case usage
    /// The arm says that another model has answered than the one that was asked for.
    case model
    /// A field that the baseline's answer has and the candidate's lacks, or the reverse.
    case fieldMissing = "field_missing"
    case fieldAdded = "field_added"
    case semantic
  }

  /// How much it matters. A pair with a difference that is `breaking` is a mismatch; the others are shown.
  package enum Severity: String, Sendable, CaseIterable, Comparable, Codable {
    case note, minor, breaking

    package static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }

    private var rank: Int {
      switch self {
      case .note: 0
      case .minor: 1
      case .breaking: 2
      }
    }
  }

  package init(
    path: String, kind: Kind, severity: Severity, baseline: String? = nil, candidate: String? = nil
  ) {
    self.path = path
    self.kind = kind
    self.severity = severity
    self.baseline = baseline
    self.candidate = candidate
  }
}
