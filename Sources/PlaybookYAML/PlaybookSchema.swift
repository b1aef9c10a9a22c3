/// The format as JSON Schema 2020-12, for editors and continuous integration; printed from the table the reader uses.

/// Pretty-printed. A playbook that it refuses is refused by the reader too; the reader also refuses what cannot work.
package func playbookSchema() -> String {
  schemaText(of: PlaybookKeys.root, id: "urn:crossfade:playbook:1", title: "Crossfade playbook")
}

/// A format's schema, from its table of keys.
func schemaText(of shape: ObjectShape, id: String, title: String) -> String {
  var definitions: [(String, JSONText)] = []
  let root = schema(of: shape, &definitions)
  let head: [(String, JSONText)] = [
    ("$schema", "https://json-schema.org/draft/2020-12/schema"), ("$id", .string(id)), ("title", .string(title)),
  ]
  guard case .object(let members) = root else { preconditionFailure("an object's schema is an object") }
  let ordered = definitions.sorted { $0.0 < $1.0 }
  return JSONText.object(head + members + [("$defs", .object(ordered))]).rendered() + "\n"
}

private func schema(of object: ObjectShape, _ definitions: inout [(String, JSONText)]) -> JSONText {
  var properties: [(String, JSONText)] = []
  for key in object.keys {
    let described = schema(of: key.shape, &definitions).adding([("description", .string(key.about))])
    properties.append((key.name, described))
  }
  var members: [(String, JSONText)] = [
    ("type", "object"), ("additionalProperties", false), ("properties", .object(properties)),
  ]
  let required = object.keys.filter { $0.missing != nil }.map(\.name)
  if !required.isEmpty { members.append(("required", .strings(required))) }
  if object.isNeverEmpty { members.append(("minProperties", 1)) }
  return .object(members)
}

private func schema(of shape: Shape, _ definitions: inout [(String, JSONText)]) -> JSONText {
  switch shape {
  case .scalar(let kind): return kind.schema
  case .list(let item, let range):
    return .object([
      ("type", "array"), ("items", schema(of: item, &definitions)), ("minItems", .integer(range.lowerBound)),
      ("maxItems", .integer(range.upperBound)),
    ])
  case .scalarOrList(let kind):
    return .object([
      ("anyOf", .array([kind.schema, schema(of: .list(.scalar(kind), 1...Shape.entryLimit), &definitions)]))
    ])
  case .object(let object): return reference(to: object, &definitions)
  case .objectOrList(let object, let range):
    return .object([
      (
        "anyOf",
        .array([reference(to: object, &definitions), schema(of: .list(.object(object), range), &definitions)])
      )
    ])
  case .map(let key, let value): return map(key, value, &definitions)
  case .scalarOrMap(let kind, let key, let value):
    return .object([("anyOf", .array([kind.schema, map(key, value, &definitions)]))])
  case .scalarOrObject(let kind, let object):
    return .object([("anyOf", .array([kind.schema, reference(to: object, &definitions)]))])
  case .scalarOrObjects(let kind, let object, let range):
    return .object([("anyOf", .array([kind.schema, schema(of: .list(.object(object), range), &definitions)]))])
  }
}

private func map(_ key: KeyKind, _ value: Shape, _ definitions: inout [(String, JSONText)]) -> JSONText {
  .object([
    ("type", "object"), ("minProperties", 1), ("maxProperties", .integer(Shape.entryLimit)),
    ("propertyNames", .object([("pattern", .string(key.pattern))])),
    ("additionalProperties", schema(of: value, &definitions)),
  ])
}

/// Mappings of the format are defined once and referred to.
private func reference(to object: ObjectShape, _ definitions: inout [(String, JSONText)]) -> JSONText {
  if !definitions.contains(where: { $0.0 == object.title }) {
    let schema = schema(of: object, &definitions)
    definitions.append((object.title, schema))
  }
  return .object([("$ref", .string("#/$defs/\(object.title)"))])
}
