/// Reads the fields of a request that rules, sticky keys and tags ask for: scalars as text, lists by their elements.

extension RequestReader {
  static func note(_ field: Field, _ body: RawSpan, _ facts: inout RequestFacts) {
    // A member whose own name has the dots goes before the path.
    if let value = facts.value(of: field.name) {
      note([value], of: field, body, &facts)
    } else if let first = field.path.first, let value = facts.value(of: first) {
      note(Self.values(field.path.dropFirst(), body, in: value), of: field, body, &facts)
    }
  }

  /// The values that a path leads to, through each element of a list on its way.
  private static func values(_ path: ArraySlice<FieldName>, _ body: RawSpan, in value: Range<Int>) -> [Range<Int>] {
    guard let name = path.first else { return [value] }
    if let inner = JSONSyntax.value(of: name, body, in: value) { return values(path.dropFirst(), body, in: inner) }
    return elements(body, value).flatMap { element -> [Range<Int>] in
      guard let inner = JSONSyntax.value(of: name, body, in: element) else { return [] }
      return values(path.dropFirst(), body, in: inner)
    }
  }

  /// A list's, as far as they are looked at; none of what is no list.
  private static func elements(_ body: RawSpan, _ list: Range<Int>) -> [Range<Int>] {
    guard var walk = JSONElements(body, at: list.lowerBound, depth: 0) else { return [] }
    var elements: [Range<Int>] = []
    var end = list.lowerBound
    while elements.count < elementLimit, walk.next(body, after: end),
      let next = JSONSyntax.skipValue(body, walk.at, depth: 1)
    {
      elements.append(walk.at..<next)
      end = next
    }
    return elements
  }

  private static let elementLimit = 64

  private static func note(_ values: [Range<Int>], of field: Field, _ body: RawSpan, _ facts: inout RequestFacts) {
    if values.count == 1, let text = scalar(body, values[0]) { return facts.values[field.name.text] = text }
    var texts: [String] = []
    for value in values {
      switch body.byte(at: value.lowerBound) {
      case UInt8(ascii: "["): texts += elements(body, value).compactMap { elementText(body, $0) }
      default: if let text = elementText(body, value) { texts.append(text) }
      }
    }
    if !texts.isEmpty { facts.elements[field.name.text] = texts }
  }

  private static func elementText(_ body: RawSpan, _ value: Range<Int>) -> String? {
    body.byte(at: value.lowerBound) == UInt8(ascii: "{") ? "" : scalar(body, value)
  }
}
