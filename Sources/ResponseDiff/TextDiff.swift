/// Compares what two answers say in words: whether they are the same, how alike, how long, in which language.

import Dialects

extension Comparing {
  /// Ratios of lengths beyond which one of the two says far less.
  private static let lengthRatios = 1.0 / 3...3.0
  /// Characters that two texts may differ by without either being called longer.
  private static let lengthSlack = 200

  mutating func compareText(_ choice: Int, _ a: AnswerContent.Choice, _ b: AnswerContent.Choice) {
    guard !a.text.isEmpty || !b.text.isEmpty else { return }
    let path = paths.text(choice)
    if a.text == b.text {
      let count = a.text.unicodeScalars.count
      characters = (characters.baseline + count, characters.candidate + count)
      return similarities.append(1)
    }
    let (first, second) = (TextProfile(a.text), TextProfile(b.text))
    characters = (characters.baseline + first.characters, characters.candidate + second.characters)
    let isStructured =
      expectations.asksForJSON && rules.json != .ignore && !a.text.isEmpty && !b.text.isEmpty
      && compareStructured(path, a.text, b.text)
    let similarity = first.similarity(to: second)
    similarities.append(similarity)
    guard !isStructured else { return }
    compareLength(path, first.characters, second.characters)
    guard !first.isEqual(to: second) else { return }
    let isTooDifferent = rules.text.similarity.map { similarity < $0 } ?? false
    list.add(path, .text, isTooDifferent ? .breaking : .note, a.text, b.text)
    if let language = first.language, let other = second.language, language != other {
      list.add(path, .language, .breaking, language.rawValue, other.rawValue)
    }
  }

  private mutating func compareLength(_ path: String, _ a: Int, _ b: Int) {
    guard a > 0, abs(a - b) > Self.lengthSlack, !Self.lengthRatios.contains(Double(b) / Double(a)) else { return }
    list.add(path, .length, .minor, "\(a) characters", "\(b) characters")
  }
}
