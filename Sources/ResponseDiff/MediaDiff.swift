/// Compares the pictures and sounds of two answers: how many there are, of which type and how
/// large, never what they show.

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
    } else if zip(a, b).contains(where: { Self.areOfOtherSize($0, $1) }) {
      list.add(path, .media, .minor, Self.text(a), Self.text(b))
    } else if a.map(\.type) != b.map(\.type) {
      list.add(path, .media, .note, Self.text(a), Self.text(b))
    }
  }

  /// What is not known of both is no difference.
  private static func areOfOtherSize(_ a: AnswerContent.Medium, _ b: AnswerContent.Medium) -> Bool {
    guard let width = a.width, let height = a.height, let otherWidth = b.width, let otherHeight = b.height else {
      return false
    }
    return (width, height) != (otherWidth, otherHeight)
  }

  private static func text(_ media: [AnswerContent.Medium]) -> String? {
    media.isEmpty ? nil : media.map(\.words).joined(separator: ", ")
  }
}

extension AnswerContent.Medium {
  /// `image/png 1024x1024`
  fileprivate var words: String {
    let size = width.flatMap { width in height.map { " \(width)x\($0)" } } ?? ""
    return (type ?? "of unknown type") + size
  }
}
