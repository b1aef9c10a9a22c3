/// The first pass: holds every node against the form, so that the reader that follows may pass over what is malformed.

struct ShapeCheck {
  var problems: ProblemList
  /// The format's mappings with fixed keys and the paths they stand at, for keys that are in the wrong one.
  var everywhere = PlaybookKeys.everywhere

  mutating func check(_ node: PlaybookNode, _ shape: Shape) {
    if node.isNull {
      problems.error(at: node, "has no value", "give it one, or remove the key")
      return
    }
    switch (shape, node.content) {
    case (_, .unusable): break
    case (.scalar(let kind), .scalar(let scalar)), (.scalarOrList(let kind), .scalar(let scalar)),
      (.scalarOrMap(let kind, _, _), .scalar(let scalar)), (.scalarOrObject(let kind, _), .scalar(let scalar)),
      (.scalarOrObjects(let kind, _, _), .scalar(let scalar)):
      check(node, scalar, kind)
    case (.list(let item, let range), .list(let items)): checkItems(node, items, item, range)
    case (.scalarOrList(let kind), .list(let items)): checkItems(node, items, .scalar(kind), 1...Shape.entryLimit)
    case (.scalarOrObjects(_, let object, let range), .list(let items)),
      (.objectOrList(let object, let range), .list(let items)):
      checkItems(node, items, .object(object), range)
    case (.object(let object), .mapping), (.scalarOrObject(_, let object), .mapping),
      (.objectOrList(let object, _), .mapping):
      check(node, object)
    case (.map(let key, let value), .mapping), (.scalarOrMap(_, let key, let value), .mapping):
      check(node, key, value)
    default:
      problems.error(at: node, "must be \(expected(shape)), found \(found(node, shape))")
    }
  }

  private mutating func checkItems(
    _ node: PlaybookNode, _ items: [PlaybookNode], _ shape: Shape, _ range: ClosedRange<Int>
  ) {
    if items.count < range.lowerBound { problems.error(at: node, "the list is empty", "it needs at least one entry") }
    guard items.count <= range.upperBound else {
      problems.error(at: node, "the list has more than \(range.upperBound) entries")
      return
    }
    for item in items { check(item, shape) }
  }

  private mutating func check(_ node: PlaybookNode, _ scalar: PlaybookNode.Scalar, _ kind: ScalarKind) {
    guard let text = scalar.text, let refusal = kind.check(text) else { return }
    guard scalar.text == scalar.source else {
      // What a variable holds is never shown, nor advice that is built from it.
      let shown = soleReference(scalar.source).map { "${\($0)}" } ?? (kind.isShown ? "'\(node.shown)'" : "the value")
      problems.error(at: node, text.isEmpty ? "\(shown) is empty" : "\(shown) does not hold \(kind.noun)")
      return
    }
    problems.error(at: node, kind.isShown ? "\(refusal.message): '\(node.shown)'" : refusal.message, refusal.say)
  }

  private mutating func check(_ node: PlaybookNode, _ object: ObjectShape) {
    for entry in node.entries {
      if let key = object[entry.key] {
        check(entry.value, key.shape)
      } else {
        let message = "unknown key '\(entry.key.prefix(60))'"
        problems.error(entry.keyPlace, entry.value.path, message, suggestion(for: entry.key, in: object))
      }
    }
    for key in object.keys where node[key.name] == nil {
      guard let missing = key.missing else { continue }
      problems.error(node.place, node.path, "'\(key.name)' is missing", missing)
    }
    if object.isNeverEmpty, node.entries.isEmpty {
      problems.error(at: node, "no limit is given", "say \(orList(object.keys.map(\.name)))")
    }
  }

  private mutating func check(_ node: PlaybookNode, _ key: KeyKind, _ shape: Shape) {
    guard node.entries.count <= Shape.entryLimit else {
      problems.error(at: node, "the mapping has more than \(Shape.entryLimit) entries")
      return
    }
    if node.entries.isEmpty {
      problems.error(at: node, "the mapping is empty", "it needs at least one entry: \(key.noun)")
    }
    for entry in node.entries {
      if let refusal = key.check(entry.key) {
        problems.error(entry.keyPlace, entry.value.path, refusal.message, refusal.say)
      }
      check(entry.value, shape)
    }
  }

  /// The nearest key of the same mapping, else where a key of that very name belongs.
  private func suggestion(for key: String, in object: ObjectShape) -> String {
    let names = object.keys.map(\.name)
    let near = nearestWord(to: key, among: names)
    let home = everywhere.first { $0.shape[key] != nil }
    // A word that is right elsewhere is rather in the wrong place than wrong twice.
    if let near, home == nil || editDistance(near, key) == 1 { return "did you mean '\(near)'?" }
    if let home {
      return "it belongs under \(home.path)"
    }
    return "the keys here are \(andList(names))"
  }

  private func expected(_ shape: Shape) -> String {
    switch shape {
    case .scalar(let kind): kind.noun
    case .list: "a list"
    case .scalarOrList(let kind): "\(kind.noun), or a list of such"
    case .object(let object): "a mapping (\(keyList(object)))"
    case .objectOrList(let object, _): "a mapping (\(keyList(object))), or a list of such"
    case .map(let key, _): "a mapping by \(key.noun)"
    case .scalarOrMap(let kind, let key, _): "\(kind.noun), or a mapping by \(key.noun)"
    case .scalarOrObject(let kind, let object): "\(kind.noun), or a mapping (\(keyList(object)))"
    case .scalarOrObjects(let kind, let object, _): "\(kind.noun), or a list of mappings (\(keyList(object)))"
    }
  }

  private func keyList(_ object: ObjectShape) -> String {
    object.keys.prefix(3).map(\.name).joined(separator: ", ") + (object.keys.count > 3 ? "…" : "")
  }

  private func found(_ node: PlaybookNode, _ shape: Shape) -> String {
    if case .scalar = node.content { return "a single value" }
    return node.kindText
  }
}
