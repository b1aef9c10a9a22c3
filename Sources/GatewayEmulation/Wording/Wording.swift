/// Words for an answer: what is said follows from the content, how it is said from how freely the gateway words things.
struct Wording {
  let phrasebook: Phrasebook
  /// 0…1, as a sampling temperature: the chance of each place in a sentence to be worded afresh.
  let variety: Double
  /// Draws the wording; the same content may be worded differently every time.
  var manner: SeededRandom

  /// - Parameters:
  ///   - count: at variety 0 exactly so many words; otherwise about so many.
  ///   - content: draws what is said.
  mutating func words(_ count: Int, content: inout SeededRandom) -> [String] {
    var words: [String] = []
    var places = 0
    while places < count {
      var names: [String: String] = [:]
      for kind in Phrasebook.kinds {
        guard let choices = phrasebook.names[kind] else { continue }
        names[kind] = choices[content.below(choices.count)]
      }
      let sentence = phrasebook.sentences[content.below(phrasebook.sentences.count)]
      for slot in sentence.prefix(count - places) {
        words += said(slot, names: names).split(separator: " ").map(String.init)
        places += 1
      }
    }
    return Self.ended(words)
  }

  private mutating func said(_ slot: Phrasebook.Slot, names: [String: String]) -> String {
    var choice = 0
    if variety > 0, slot.alternatives.count > 1, manner.fraction() < variety {
      choice = manner.below(slot.alternatives.count)
    }
    let text = slot.alternatives[choice]
    guard let start = text.firstIndex(of: "{"), let end = text.firstIndex(of: "}") else { return text }
    let name = names[String(text[text.index(after: start)..<end])] ?? ""
    return text[..<start] + name + text[text.index(after: end)...]
  }

  /// With a full stop, also where the last sentence was broken off.
  private static func ended(_ words: [String]) -> [String] {
    guard let last = words.last, !last.hasSuffix(".") else { return words }
    return words.dropLast() + [(last.hasSuffix(",") ? String(last.dropLast()) : last) + "."]
  }
}

/// Cuts texts for streams.
enum TextPieces {
  /// Joined they are the words with spaces between; at most one piece for each word.
  static func of(_ words: [String], count: Int) -> [String] {
    let count = min(max(count, 1), words.count)
    return (0..<count).map { index in
      let part = words[(index * words.count / count)..<((index + 1) * words.count / count)].joined(separator: " ")
      return index == 0 ? part : " " + part
    }
  }

  /// Joined they are the text.
  /// - Parameter count: nil makes a piece of about every eight characters.
  static func of(_ text: String, count: Int?) -> [String] {
    let scalars = Array(text.unicodeScalars)
    let count = min(max(count ?? (scalars.count + 7) / 8, 1), scalars.count)
    return (0..<count).map { index in
      var piece = String.UnicodeScalarView()
      piece.append(contentsOf: scalars[(index * scalars.count / count)..<((index + 1) * scalars.count / count)])
      return String(piece)
    }
  }
}
