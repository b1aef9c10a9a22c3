/// `${NAME}` and `${NAME:-default}` in values, from the environment; never in keys, never twice.

/// A value after substitution, or why it has none.
enum Substituted: Equatable {
  case text(String)
  case unset(name: String)
  /// A `${` that begins neither form.
  case malformed
}

/// Replaces every `${NAME}` once: what a variable holds is not looked at again. `$${` stands for `${`, and a `$` before
/// anything else for itself, so that `$25/day` is money. As in a shell, `:-` also replaces an empty variable.
func substitute(_ source: String, environment: [String: String]) -> Substituted {
  var result = ""
  var rest = source[...]
  while let dollar = rest.firstIndex(of: "$") {
    result += rest[..<dollar]
    let after = rest[rest.index(after: dollar)...]
    if after.hasPrefix("${") {
      result += "${"
      rest = after.dropFirst(2)
    } else if after.hasPrefix("{") {
      guard let reference = Reference(after.dropFirst()) else { return .malformed }
      switch (environment[reference.name], reference.fallback) {
      case (let value?, nil): result += value
      case (let value?, let fallback?): result += value.isEmpty ? fallback : value[...]
      case (nil, let fallback?): result += fallback
      case (nil, nil): return .unset(name: reference.name)
      }
      rest = reference.rest
    } else {
      result += "$"
      rest = after
    }
  }
  return .text(result + rest)
}

/// The source with every `${NAME:-default}` as `${NAME}`, for messages: a default may be a secret, too.
func withoutDefaults(_ source: String) -> String {
  var result = ""
  var rest = source[...]
  while let dollar = rest.firstIndex(of: "$") {
    result += rest[..<dollar]
    let after = rest[rest.index(after: dollar)...]
    if after.hasPrefix("${") {
      result += "$${"
      rest = after.dropFirst(2)
    } else if after.hasPrefix("{"), let reference = Reference(after.dropFirst()) {
      result += "${\(reference.name)}"
      rest = reference.rest
    } else {
      result += "$"
      rest = after
    }
  }
  return result + rest
}

/// The name of the variable where the source is one reference and nothing else.
func soleReference(_ source: String) -> String? {
  guard source.hasPrefix("${"), let reference = Reference(source.dropFirst(2)) else { return nil }
  return reference.rest.isEmpty ? reference.name : nil
}

private struct Reference {
  var name: String
  var fallback: Substring?
  var rest: Substring

  /// Reads what follows `${`.
  init?(_ text: Substring) {
    guard let close = text.firstIndex(of: "}") else { return nil }
    let inside = text[..<close]
    rest = text[text.index(after: close)...]
    let nameEnd = inside.utf8.firstIndex { !(isWordByte($0) && $0 != UInt8(ascii: "-")) } ?? inside.endIndex
    name = String(inside[..<nameEnd])
    let tail = inside[nameEnd...]
    guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return nil }
    if tail.isEmpty { return }
    guard tail.hasPrefix(":-") else { return nil }
    fallback = tail.dropFirst(2)
  }
}
