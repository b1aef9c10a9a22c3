/// A function in a source file, as far as indentation tells.

struct Function: Equatable {
  /// As it is declared, without its parameters, such as `func settle`.
  var name: String
  /// The first line's number, from 1.
  var line: Int
  /// From the declaration to the closing brace.
  var length: Int
}

extension SourceFile {
  /// Those with a body of more than one line. Formatted code closes a body at the indentation that opened it.
  var functions: [Function] {
    var found: [Function] = []
    for (index, line) in code.enumerated() {
      guard
        let declaration = line.firstMatch(of: /^( *)(?:[a-z@]\w*(?:\(\w+\))? )*(func [^ (<]+|init|subscript|deinit)\b/)
      else { continue }
      let indent = String(declaration.output.1)
      guard let end = Self.end(of: index, indent: indent, in: code) else { continue }
      found.append(Function(name: String(declaration.output.2), line: index + 1, length: end - index + 1))
    }
    return found
  }

  /// - Returns: the closing brace's line; nil where there is no body, or one on the same line.
  private static func end(of start: Int, indent: String, in code: [String]) -> Int? {
    if code[start].hasSuffix("}") { return nil }
    for index in code.indices.dropFirst(start + 1) {
      let line = code[index]
      if line.allSatisfy({ $0 == " " }) { continue }
      if line.hasPrefix(indent + "}") { return index }
      // Something else at this depth or above: a requirement without a body, unless it goes on with the declaration.
      let depth = line.prefix { $0 == " " }.count
      let isContinued = depth == indent.count && (line.dropFirst(depth).hasPrefix(")") || line.hasSuffix("{"))
      if depth < indent.count || (depth == indent.count && !isContinued) { return nil }
    }
    return nil
  }
}
