/// A way in which an answer that arrives whole says something else than it should: what only a comparison finds.
package enum Mistake: String, Sendable, CaseIterable, Comparable {
  /// A tool is called with `{}`.
  case dropToolArguments = "drop-tool-arguments"
  /// Where a tool should be called, words come.
  case dropToolCall = "drop-tool-call"
  /// In another language than the question and every other answer.
  case otherLanguage = "other-language"
  /// Structured output is wrapped in words and a code fence, so that it no longer parses.
  case breakJSON = "break-json"
  /// Structured output parses, but its first member is missing.
  case breakSchema = "break-schema"
  /// Cut in half, and the finish reason says that the length was the limit.
  case cutShort = "cut-short"
  /// No `usage`, in documents and in streams.
  case noUsage = "no-usage"

  package static func < (a: Mistake, b: Mistake) -> Bool { a.rawValue < b.rawValue }
}

/// `drop-tool-arguments:5%` as an operator writes it, the share already read.
package struct MistakeShare: Sendable, Equatable {
  package var mistake: Mistake
  /// 0…1, of the answers that could have it.
  package var share: Double

  package init(_ mistake: Mistake, share: Double) {
    self.mistake = mistake
    self.share = share
  }
}
