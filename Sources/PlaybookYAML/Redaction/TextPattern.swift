/// A regular expression of the playbook: finds everything that any match covers, in time linear in the text.

/// Patterns come from a file and texts from anyone, so no combination of the two may hold up who searches: all matches
/// are followed at once, one step a character (Thompson, "Regular Expression Search Algorithm", 1968). What cannot be
/// searched so, back-references and lookaround, is refused.
///
/// Known: literals, `.`, `[…]`, `\d \w \s` and their opposites, `\b \B ^ $`, `( )`, `(?: )`, `|`, `* + ? {m,n}`, `(?i)`
/// at the beginning, and the escapes `\n \r \t \xHH \u{H…}`. `\b` is also where a script that is written without spaces
/// meets another: a number beside Han characters is a word of its own.
package struct TextPattern: Sendable {
  /// Why a text is no pattern.
  package struct Refused: Error, Equatable {
    package var message: String
    package var say: String?
  }

  /// Limits of a pattern's text, in bytes, and of the steps that it unfolds to.
  package static let maxBytes = 512
  static let maxSteps = 1000

  let steps: [Step]
  /// Whether a match may begin with a character; other characters are passed over at once.
  private let begins: CharacterSet
  /// Every match holds a character of each.
  private let needs: [CharacterSet]
  /// Every match begins at the edge of a word.
  private let beginsAtEdge: Bool

  enum Step: Sendable, Equatable {
    /// Takes one character.
    case character(CharacterSet)
    case fork(Int, Int)
    case jump(Int)
    case assertion(Assertion)
    case match
  }

  enum Assertion: Sendable, Equatable { case start, end, wordEdge, noWordEdge }

  package init(_ text: String) throws(Refused) {
    var parser = try PatternParser(text)
    let node = try parser.pattern()
    var compiler = PatternCompiler()
    try compiler.add(node)
    steps = compiler.steps + [.match]
    begins = Self.first(steps)
    needs = Self.unavoidable(steps)
    beginsAtEdge = steps[0] == .assertion(.wordEdge)
  }

  /// False where the text holds no match for certain.
  package func mayMatch(in present: CharacterPresence) -> Bool { needs.allSatisfy { $0.mayMeet(present) } }

  /// Whether it matches where there is nothing, and so everywhere.
  package var matchesNothing: Bool {
    var search = PatternSearch(steps: steps)
    return search.begin(at: 0, before: nil, after: nil)
  }

  /// What matches cover, as ranges that do not touch, in order.
  package func ranges(in characters: [Unicode.Scalar]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var search = PatternSearch(steps: steps)
    for index in characters.indices {
      let character = characters[index]
      let before = index > 0 ? characters[index - 1] : nil
      if begins.contains(character), !beginsAtEdge || Assertion.wordEdge.holds(before: before, after: character) {
        _ = search.begin(at: index, before: before, after: character)
      } else if search.isIdle {
        continue
      }
      let after = index + 1 < characters.count ? characters[index + 1] : nil
      guard let start = search.take(character, boundary: index + 1, after: after) else { continue }
      Self.add(start..<(index + 1), to: &found)
    }
    return found
  }

  private static func add(_ range: Range<Int>, to found: inout [Range<Int>]) {
    var range = range
    while let last = found.last, last.upperBound >= range.lowerBound {
      range = min(last.lowerBound, range.lowerBound)..<max(last.upperBound, range.upperBound)
      found.removeLast()
    }
    found.append(range)
  }

  /// The sets of the steps without which the end cannot be reached.
  private static func unavoidable(_ steps: [Step]) -> [CharacterSet] {
    steps.indices.compactMap { avoided in
      guard case .character(let set) = steps[avoided], !reachesMatch(steps, avoiding: avoided) else { return nil }
      return set
    }
  }

  private static func reachesMatch(_ steps: [Step], avoiding avoided: Int) -> Bool {
    var seen = Set([avoided])
    var pending = [0]
    while let index = pending.popLast() {
      guard seen.insert(index).inserted else { continue }
      switch steps[index] {
      case .character, .assertion: pending.append(index + 1)
      case .fork(let one, let other): pending += [one, other]
      case .jump(let to): pending.append(to)
      case .match: return true
      }
    }
    return false
  }

  /// Every set that can be reached without taking a character, assertions taken for true.
  private static func first(_ steps: [Step]) -> CharacterSet {
    var union = CharacterSet()
    var seen = Set<Int>()
    var pending = [0]
    while let index = pending.popLast() {
      guard seen.insert(index).inserted else { continue }
      switch steps[index] {
      case .character(let set): union.formUnion(set)
      case .fork(let one, let other): pending += [one, other]
      case .jump(let to): pending.append(to)
      case .assertion: pending.append(index + 1)
      case .match: union = .everything
      }
    }
    return union
  }
}

/// All matches that are under way, each step of the pattern with the earliest start that led to it.
///
/// `active` is in the order of starts, so that whoever reaches a step first comes from the earliest, and later ones need
/// not go there again: the work for one character is bounded by the steps there are.
struct PatternSearch {
  private let steps: [TextPattern.Step]
  private var active: [(step: Int, start: Int)] = []
  private var moving: [(step: Int, start: Int)] = []
  private var pending: [Int] = []
  /// By step: the boundary between characters, counted from 0, at which it was last reached.
  private var reachedAt: [Int]

  init(steps: [TextPattern.Step]) {
    self.steps = steps
    reachedAt = [Int](repeating: -1, count: steps.count)
  }

  var isIdle: Bool { active.isEmpty }

  /// Matches may begin at this boundary.
  ///
  /// - Returns: whether the pattern matches nothing here.
  mutating func begin(at boundary: Int, before: Unicode.Scalar?, after: Unicode.Scalar?) -> Bool {
    reach(0, start: boundary, at: boundary, before: before, after: after)
  }

  /// - Parameter boundary: the one after the character.
  /// - Returns: where the longest match that ends there begins; nil where none does.
  mutating func take(_ character: Unicode.Scalar, boundary: Int, after: Unicode.Scalar?) -> Int? {
    swap(&active, &moving)
    active.removeAll(keepingCapacity: true)
    var earliest: Int?
    for (step, start) in moving {
      guard case .character(let set) = steps[step], set.contains(character) else { continue }
      let isMatch = reach(step + 1, start: start, at: boundary, before: character, after: after)
      if isMatch, earliest == nil { earliest = start }
    }
    return earliest
  }

  /// Follows what takes no character.
  ///
  /// - Returns: whether the pattern's end is among it.
  private mutating func reach(
    _ step: Int, start: Int, at boundary: Int, before: Unicode.Scalar?, after: Unicode.Scalar?
  ) -> Bool {
    var isMatch = false
    pending.append(step)
    while let index = pending.popLast() {
      guard reachedAt[index] != boundary else { continue }
      reachedAt[index] = boundary
      switch steps[index] {
      case .character: active.append((index, start))
      case .fork(let one, let other):
        pending.append(other)
        pending.append(one)
      case .jump(let to): pending.append(to)
      case .assertion(let assertion):
        if assertion.holds(before: before, after: after) { pending.append(index + 1) }
      case .match: isMatch = true
      }
    }
    return isMatch
  }
}

extension TextPattern.Assertion {
  fileprivate func holds(before: Unicode.Scalar?, after: Unicode.Scalar?) -> Bool {
    switch self {
    case .start: before == nil
    case .end: after == nil
    case .wordEdge: isEdge(before, after)
    case .noWordEdge: !isEdge(before, after)
    }
  }

  private func isEdge(_ before: Unicode.Scalar?, _ after: Unicode.Scalar?) -> Bool {
    guard isWord(before), isWord(after) else { return isWord(before) != isWord(after) }
    return isUnspaced(before) != isUnspaced(after)
  }

  /// Whether its script is written without spaces between words (Thai, kana, Han, Hangul).
  private func isUnspaced(_ character: Unicode.Scalar?) -> Bool {
    switch character?.value ?? 0 {
    case 0xE00...0xE7F, 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF,
      0x20000...0x2FA1F:
      true
    default: false
    }
  }

  private func isWord(_ character: Unicode.Scalar?) -> Bool { character.map(CharacterSet.isWord) ?? false }
}
