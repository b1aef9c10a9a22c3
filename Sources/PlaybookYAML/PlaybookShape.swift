/// The form of a playbook as a value: the checks walk it, the JSON Schema is printed from it, so the two cannot drift.

/// What may stand at a place.
indirect enum Shape: Sendable {
  case scalar(ScalarKind)
  /// So many of them.
  case list(Shape, ClosedRange<Int>)
  case scalarOrList(ScalarKind)
  case object(ObjectShape)
  /// Keys of the operator's choosing.
  case map(KeyKind, Shape)
  case scalarOrMap(ScalarKind, KeyKind, Shape)
  case scalarOrObject(ScalarKind, ObjectShape)
  /// One mapping, or so many.
  case objectOrList(ObjectShape, ClosedRange<Int>)
  /// One value, or so many mappings.
  case scalarOrObjects(ScalarKind, ObjectShape, ClosedRange<Int>)

  /// What a list of single values and a mapping with free keys may hold.
  static let entryLimit = 1000
}

/// A mapping with keys of the format.
struct ObjectShape: Sendable {
  /// Its name in the schema, such as `stage`.
  var title: String
  var keys: [Key]
  /// Whether one key at least must be there.
  var isNeverEmpty = false

  subscript(name: String) -> Key? { keys.first { $0.name == name } }

  struct Key: Sendable {
    var name: String
    var shape: Shape
    /// One sentence for the schema.
    var about: String
    /// Where the key is required: what to do, should it be missing.
    var missing: String?

    init(_ name: String, _ shape: Shape, _ about: String, missing: String? = nil) {
      self.name = name
      self.shape = shape
      self.about = about
      self.missing = missing
    }
  }
}

/// Keys of the operator's choosing: which texts can be one.
struct KeyKind: Sendable {
  var noun: String
  /// A pattern over the key for the schema.
  var pattern: String
  var check: @Sendable (String) -> Refusal?

  static let modelGlob = KeyKind(noun: "a model", pattern: "^[^*]*\\*?[^*]*$") { key in
    if key.isEmpty { return Refusal("a model must not be empty") }
    return key.count(where: { $0 == "*" }) > 1 ? Refusal("a model holds one * at most") : nil
  }

  static let model = KeyKind(noun: "a model", pattern: "^[^*]+$") { key in
    key.isEmpty || key.contains("*") ? Refusal("must be a model's own id, without *") : nil
  }

  static let candidate = KeyKind(noun: "a candidate", pattern: "^[A-Za-z0-9._-]{1,64}$", check: ScalarKind.name.check)

  static let header = KeyKind(noun: "a header", pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$") { key in
    isHeaderName(key) ? nil : Refusal("not a header's name")
  }

  static let attribute = KeyKind(
    noun: "model, path, header.NAME or body.FIELD",
    pattern: "^(model|path|header\\.[!#$%&'*+.^_`|~0-9A-Za-z-]+|body\\..+)$"
  ) { key in
    if key == "model" || key == "path" { return nil }
    if key.hasPrefix("header.") {
      return isHeaderName(key.dropFirst(7)) ? nil : Refusal("not a header's name", say: "say header.x-team")
    }
    if key.hasPrefix("body.") { return key.utf8.count > 5 ? nil : Refusal("body. needs a field", say: "say body.user") }
    let near = nearestWord(to: key, among: ["model", "path", "header.", "body."])
    return Refusal(
      "unknown key '\(key.prefix(60))'",
      say: near.map { "did you mean '\($0)'?" } ?? "say model, path, header.NAME or body.FIELD")
  }
}
