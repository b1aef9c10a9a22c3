/// `crossfade diffs --redact-test`: what would be blotted out of a text, were it kept.

import Foundation
import Journal
import RolloutJudge

/// The same code that prepares what the store keeps; nothing of it is stored here.
struct RedactTest {
  let redaction: TextRedaction
  let whole: Redaction

  /// - Parameter playbook: its patterns and keys count too; nil: only what is built in.
  init(playbook: Playbook?) throws {
    let patterns = playbook?.compare.redact ?? []
    let secrets = playbook.map(KnownSecrets.init(of:)) ?? KnownSecrets()
    redaction = try TextRedaction(patterns: patterns, secrets: secrets)
    whole = try Redaction(patterns: patterns, secrets: secrets, limit: .max)
  }

  struct Find: Encodable, Equatable {
    /// Counted from 1.
    var line: Int
    var column: Int
    /// The label that stands in its place.
    var label: String
    var text: String
  }

  struct Result: Encodable, Equatable {
    var found: [Find]
    /// The text as it would be kept.
    var kept: String
  }

  /// - Returns: nil where the text is longer than may be searched; nothing of it would be kept.
  func result(of text: String) -> Result? {
    let characters = Array(text.unicodeScalars)
    guard characters.count <= TextRedaction.maxCharacters else { return nil }
    var found: [Find] = []
    var (line, start, at) = (1, 0, 0)
    for find in redaction.finds(in: characters) {
      for index in at..<find.range.lowerBound where characters[index] == "\n" { (line, start) = (line + 1, index + 1) }
      at = find.range.lowerBound
      var piece = String.UnicodeScalarView()
      piece.append(contentsOf: characters[find.range])
      found.append(Find(line: line, column: at - start + 1, label: find.label, text: String(piece)))
    }
    return Result(found: found, kept: whole.body(Array(text.utf8), isCut: false).text)
  }
}

extension RedactTest.Result {
  /// `LINE:COLUMN  LABEL  TEXT` for each find, then the text as it would be kept.
  var lines: [String] {
    let width = found.map { "\($0.line):\($0.column)".count }.max() ?? 0
    let list = found.map {
      "\("\($0.line):\($0.column)".padded(width))  \($0.label.padded(10))  \($0.text.plainText)"
    }
    let heading = found.isEmpty ? ["nothing would be blotted out"] : list
    return heading + ["", "as kept:"]
      + kept.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).plainText }
  }
}
