/// The words of an answer: chosen from a short list, some of more than one byte a letter, none needing escapes in JSON.
enum AnswerText {
  static let vocabulary = [
    "amber", "bridge", "café", "delta", "ember", "forest", "gravel", "harbour", "island", "jasmine", "kettle",
    "lantern",
    "meadow", "naïve", "orchard", "pebble", "quartz", "river", "saffron", "timber", "umbra", "velvet", "willow", "東京",
    "yonder", "zephyr", "über", "🙂",
  ]

  static func words(_ count: Int, using random: inout SeededRandom) -> [String] {
    (0..<max(0, count)).map { _ in vocabulary[random.below(vocabulary.count)] }
  }

  /// Cuts the text into as many pieces as asked, at most one per word; joined they are the words with spaces between.
  static func pieces(_ words: [String], count: Int) -> [String] {
    let count = min(max(count, 1), words.count)
    return (0..<count).map { index in
      let part = words[(index * words.count / count)..<((index + 1) * words.count / count)].joined(separator: " ")
      return index == 0 ? part : " " + part
    }
  }
}
