/// Tells the proxy when content began and when all was said, while the answer still passes.

/// The firsts that a piece of an answer has brought.
package struct AnswerProgress: OptionSet, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  // What is asked for every piece of every answer is concrete: from another module, `OptionSet` looks up in its witness
  // tables what these do with a word.
  package init() { rawValue = 0 }
  package var isEmpty: Bool { rawValue == 0 }
  package func contains(_ other: AnswerProgress) -> Bool { rawValue & other.rawValue == other.rawValue }
  package mutating func formUnion(_ other: AnswerProgress) {
    self = AnswerProgress(rawValue: rawValue | other.rawValue)
  }

  /// The first event that carries content, reasoning or a tool call has been read to its end.
  package static let firstContent = AnswerProgress(rawValue: 1 << 0)
  /// The first that carries content or a tool call, which the application can show.
  package static let firstVisible = AnswerProgress(rawValue: 1 << 2)
  /// The dialect's last event, or the end of a JSON body.
  package static let terminal = AnswerProgress(rawValue: 1 << 1)
  /// The answer is an error from here on, under whatever status.
  package static let error = AnswerProgress(rawValue: 1 << 3)
  /// A second response has begun in the same stream: it is the answer, and nothing of the first counts.
  package static let begunAnew = AnswerProgress(rawValue: 1 << 4)
}

extension AnswerReader {
  /// How the body has to be read, as far as can be said.
  package var format: AnswerFormat { facts.format }
}
