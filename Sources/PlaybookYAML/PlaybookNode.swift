/// The file as a tree of places, paths and texts: what the checks and the reader walk.

struct PlaybookNode: Sendable {
  enum Content: Sendable {
    case scalar(Scalar)
    case list([PlaybookNode])
    case mapping([Entry])
    /// Has been reported; nothing is said about it again.
    case unusable
  }

  struct Scalar: Sendable {
    /// As written, before substitution; the only text that may be shown.
    var source: String
    /// After substitution; nil where that failed and has been reported.
    var text: String?
    /// Whether it stands without quotes.
    var isPlain: Bool
  }

  struct Entry: Sendable {
    var key: String
    var keyPlace: Place
    var value: PlaybookNode
  }

  var content: Content
  var place: Place
  /// From the root, such as `candidates[0].models["openai/*"]`.
  var path: String

  subscript(key: String) -> PlaybookNode? { entries.first { $0.key == key }?.value }

  var entries: [Entry] {
    if case .mapping(let entries) = content { entries } else { [] }
  }

  var items: [PlaybookNode] {
    if case .list(let items) = content { items } else { [] }
  }

  var scalar: Scalar? {
    if case .scalar(let scalar) = content { scalar } else { nil }
  }

  /// The scalar's text after substitution.
  var text: String? { scalar?.text }

  var isUnusable: Bool {
    if case .unusable = content { true } else { false }
  }

  /// A key without a value, or YAML's words for nothing.
  var isNull: Bool {
    guard let scalar, scalar.isPlain else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.source)
  }

  /// What kind of thing stands here, for messages.
  var kindText: String {
    switch content {
    case .scalar: isNull ? "nothing" : "'\(shown)'"
    case .list: "a list"
    case .mapping: "a mapping"
    case .unusable: "something else"
    }
  }

  /// The scalar as a message may show it: the source with defaults cut out of `${NAME:-…}`, at most 40 characters.
  var shown: String {
    guard let scalar else { return "" }
    let source = withoutDefaults(scalar.source)
    return source.count > 40 ? source.prefix(40) + "…" : source
  }

  /// The path of a child under `key`, quoted where the key is not a plain word.
  static func path(_ parent: String, _ key: String) -> String {
    let isWord = !key.isEmpty && key.utf8.allSatisfy(isWordByte)
    if isWord { return parent.isEmpty ? key : "\(parent).\(key)" }
    let short = key.count > 60 ? key.prefix(60) + "…" : key[...]
    return "\(parent)[\"\(short)\"]"
  }
}

/// Letters, digits, `_` and `-`.
func isWordByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
    true
  default: false
  }
}
