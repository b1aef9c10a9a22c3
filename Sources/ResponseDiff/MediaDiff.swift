/// Compares the pictures and sounds of two answers: how many there are and of which type, never what they show.

import Dialects

extension Comparing {
  mutating func compareMedia(_ choice: Int, _ a: [AnswerContent.Medium], _ b: [AnswerContent.Medium]) {
    for isSound in [false, true] {
      compare(
        paths.media(choice, isSound: isSound), a.filter { $0.isSound == isSound }, b.filter { $0.isSound == isSound })
    }
  }

  private mutating func compare(_ path: String, _ a: [AnswerContent.Medium], _ b: [AnswerContent.Medium]) {
    if a.count != b.count {
      list.add(path, .media, b.count < a.count ? .breaking : .note, Self.text(a), Self.text(b))
    } else if a.map(\.type) != b.map(\.type) {
      list.add(path, .media, .note, Self.text(a), Self.text(b))
    }
  }

  private static func text(_ media: [AnswerContent.Medium]) -> String? {
    media.isEmpty ? nil : media.map { $0.type ?? "of unknown type" }.joined(separator: ", ")
  }
}
