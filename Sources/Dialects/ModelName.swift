/// Tells whether the model that an arm says has answered is the one that was asked for, however either is spelled.

/// A dated, prefixed or otherwise decorated form of a name is the same model; an alias that only the arm can resolve is
/// taken at its word.
package func isModel(_ served: String, aFormOf asked: String) -> Bool {
  let (served, asked) = (ModelWords(served), ModelWords(asked))
  return asked.isAlias || served.extends(asked) || asked.extends(served)
}

/// A model's name as its words: `anthropic/claude-opus-4.7:thinking` is `claude opus 4 7`.
private struct ModelWords {
  private let words: [Substring]
  /// `~vendor/name-latest`, `@preset/name`, `vendor/auto`: another name for whatever the arm chooses.
  let isAlias: Bool

  init(_ name: String) {
    let name = name.lowercased()
    // A variant such as `:free` or `:nitro` says how, not what.
    let plain = name.prefix { $0 != ":" }
    let last = plain.split(separator: "/").last ?? plain
    let words = last.split { !$0.isLetter && !$0.isNumber }
    isAlias =
      name.hasPrefix("~") || name.contains("@preset") || words.count == 1 && ["auto", "router"].contains(words[0])
    self.words = words
  }

  /// Whether it is the other's words with a vendor or region before them, and a date, a build or the like behind.
  func extends(_ other: ModelWords) -> Bool {
    guard !other.words.isEmpty, words.count >= other.words.count else { return false }
    for start in 0...words.count - other.words.count {
      let end = start + other.words.count
      if words[start..<end].elementsEqual(other.words), words[end...].allSatisfy(Self.isDecoration) { return true }
    }
    return false
  }

  private static let decorations: Set<Substring> = [
    "latest", "preview", "exp", "experimental", "stable", "instruct", "it", "chat", "fp8", "fp16", "bf16", "int4",
    "int8",
    "awq", "gptq", "gguf", "hf",
  ]

  private static func isDecoration(_ word: Substring) -> Bool {
    if decorations.contains(word) || word.allSatisfy(\.isNumber) { return true }
    return word.first == "v" && word.dropFirst().allSatisfy(\.isNumber)
  }
}
