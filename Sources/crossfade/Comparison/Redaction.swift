/// The part of a body that is kept: without what must not be, in bounds, and readable still.

import Dialects
import Journal
import ResponseDiff

/// Decides nothing about what is kept; a body that it returns holds no more than it found harmless.
struct Redaction: Sendable {
  private let text: TextRedaction
  /// Bytes of one body.
  private let limit: Int

  /// - Parameters:
  ///   - patterns: the playbook's, already checked.
  ///   - secrets: known by their value.
  /// - Throws: `TextPattern.Refused`.
  init(patterns: [String], secrets: KnownSecrets = KnownSecrets(), limit: Int) throws {
    self.init(text: try TextRedaction(patterns: patterns, secrets: secrets), limit: limit)
  }

  private init(text: TextRedaction, limit: Int) {
    self.text = text
    self.limit = limit
  }

  /// The same for an exchange that has credentials of its own.
  func adding(_ secrets: KnownSecrets) -> Redaction { Redaction(text: text.adding(secrets), limit: limit) }

  /// JSON stays JSON: strings and keys are searched by what they say, however they are escaped, and strings that hold
  /// JSON are searched as such. Anything else is searched as text.
  ///
  /// - Parameter isCut: the bytes are only the beginning.
  func body(_ bytes: [UInt8], isCut: Bool) -> StoredSample.Body {
    guard let tree = isCut ? JSONBeginning.tree(bytes) : JSONTree(bytes.span.bytes) else {
      let isLong = isCut || bytes.count > limit
      let whole = String(decoding: bytes.prefix(limit), as: UTF8.self)
      return cut(text.redacted(isLong ? withoutLastWord(whole) : whole) ?? "", isCut: isLong)
    }
    var body = self.body(tree)
    body.isCut = body.isCut || isCut
    return body
  }

  func body(_ tree: JSONTree) -> StoredSample.Body {
    var walk = Walk(text: text, room: limit)
    let redacted = walk.redacted(tree)
    return cut(redacted.written, isCut: walk.isCut)
  }

  /// The comparison as it may be kept: its excerpts are redacted too.
  func comparison(_ comparison: AnswerComparison) -> AnswerComparison {
    var result = comparison
    result.differences = comparison.differences.map { difference in
      var difference = difference
      difference.path = text.redacted(difference.path) ?? ""
      difference.baseline = difference.baseline.map(excerpt)
      difference.candidate = difference.candidate.map(excerpt)
      return difference
    }
    return result
  }

  /// A long one was cut, perhaps within what no pattern knows by its beginning.
  private func excerpt(_ excerpt: String) -> String {
    guard excerpt.count >= Self.excerptLength else { return text.redacted(excerpt) ?? "" }
    return (text.redacted(withoutLastWord(excerpt)) ?? "") + "…"
  }

  private static let excerptLength = 190

  private func cut(_ text: String, isCut: Bool) -> StoredSample.Body {
    guard text.utf8.count > limit else { return .init(text: text, isCut: isCut) }
    var end = text.utf8.index(text.startIndex, offsetBy: limit)
    // To where a character begins.
    while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
    return .init(text: String(text[..<end]), isCut: true)
  }
}

/// One way through a tree, until there is no more room.
private struct Walk {
  let text: TextRedaction
  /// Bytes that may still be kept.
  var room: Int
  var isCut = false
  /// JSON within strings within JSON.
  private var nesting = 0

  private static let maxNesting = 3
  /// An embedding; its numbers say nothing to whoever reads it.
  private static let numbersShown = 16

  init(text: TextRedaction, room: Int) {
    self.text = text
    self.room = room
  }

  mutating func redacted(_ tree: JSONTree, under key: String = "") -> JSONTree {
    switch tree {
    case .null, .bool:
      room -= 4
      return tree
    case .number(let digits):
      room -= digits.utf8.count
      let kept = digits.utf8.count >= 10 ? redacted(digits, named: key) : digits
      return kept == digits ? tree : .string(kept ?? "…")
    case .string(let value): return .string(string(value, under: key))
    case .array(let items): return array(items, under: key)
    case .object(let members):
      var kept: [JSONTree.Member] = []
      for member in members {
        guard room > 0 else {
          isCut = true
          break
        }
        room -= member.name.utf8.count + 4
        let value = redacted(member.value, under: member.name)
        kept.append(.init(name: text.redacted(member.name) ?? "…", value: value))
      }
      return .object(kept)
    }
  }

  private mutating func array(_ items: [JSONTree], under key: String) -> JSONTree {
    let areNumbers =
      items.count > Self.numbersShown && items.allSatisfy { if case .number = $0 { true } else { false } }
    if areNumbers { return .string("(\(items.count) numbers)") }
    var kept: [JSONTree] = []
    for item in items {
      guard room > 0 else {
        isCut = true
        break
      }
      room -= 1
      kept.append(redacted(item, under: key))
    }
    return .array(kept)
  }

  private mutating func string(_ value: String, under key: String) -> String {
    let count = value.utf8.count
    if Self.holdsSecret(key), count >= 4 {
      room -= 8
      return "[key]"
    }
    if value.hasPrefix("data:"), count > 256 {
      let type = value.dropFirst(5).prefix { $0 != "," && $0 != ";" }.prefix(64)
      room -= 64
      return "data:\(type) (\(count) bytes)"
    }
    if nesting < Self.maxNesting, count <= room, let first = value.first, first == "{" || first == "[",
      let inner = JSONTree(text: value)
    {
      nesting += 1
      defer { nesting -= 1 }
      let result = redacted(inner)
      // Its spaces and escapes stay as they were unless something in it must not.
      if result == inner { return value }
      return result.written
    }
    guard count > max(room, 0) else {
      room -= count
      return redacted(value, named: key) ?? "…"
    }
    isCut = true
    let part = String(decoding: value.utf8.prefix(max(room, 0)), as: UTF8.self)
    room = 0
    return (text.redacted(withoutLastWord(part)) ?? "") + "…"
  }

  /// The name alone may say what a number is.
  private func redacted(_ value: String, named key: String) -> String? {
    let isShort = value.utf8.count <= 32 && value.unicodeScalars.count { DigitRun.digit($0) != nil } >= 10
    if isShort, !key.isEmpty {
      let name = "\(key): "
      if let whole = text.redacted(name + value), whole.hasPrefix(name) { return String(whole.dropFirst(name.count)) }
    }
    return text.redacted(value)
  }

  private static func holdsSecret(_ key: String) -> Bool {
    let name = key.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
    return [
      "apikey", "secret", "password", "passwd", "authorization", "accesstoken", "refreshtoken", "idtoken", "privatekey",
      "clientsecret", "credentials", "secretkey",
    ].contains { name.hasSuffix($0) }
  }
}
