/// From YAML text to the tree of places: syntax errors, duplicate keys and everything unbounded stop here.

import Yams

/// What a playbook file may hold; far above any real one.
enum YAMLLimit {
  static let bytes = 1 << 20
  static let depth = 32
  /// Aliases multiply: twenty can unfold one value some thousand times, which is still quick to count.
  static let aliases = 20
  static let nodes = 20_000
}

/// The root of the one document in `text`; nil after a problem that leaves nothing to check.
func readYAML(
  _ text: String, environment: [String: String], unset: UnsetSecrets = .refused, problems: inout ProblemList
) -> PlaybookNode? {
  guard text.utf8.count <= YAMLLimit.bytes else {
    problems.error(.wholeFile, "", "the file is larger than 1 MiB", "a playbook is a page of text")
    return nil
  }
  guard aliasCount(text) <= YAMLLimit.aliases else {
    problems.error(.wholeFile, "", "more than \(YAMLLimit.aliases) YAML aliases (*name)", "write the values out")
    return nil
  }
  // Some editors put a byte order mark first.
  let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
  guard !problems.notePunctuation(in: text) else { return nil }
  do {
    let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
    guard let root = try parser.singleRoot() else {
      problems.error(.wholeFile, "", "the file is empty", "start with 'crossfade: 1'")
      return nil
    }
    var builder = TreeBuilder(environment: environment, unset: unset, problems: problems)
    let node = builder.node(root, path: "", depth: 0)
    problems = builder.problems
    return node
  } catch let error as YamlError {
    report(error, text: text, problems: &problems)
  } catch {
    problems.error(.wholeFile, "", "not readable as YAML: \(error)")
  }
  return nil
}

/// How many aliases there can be at most: a `*` at the start of a word. Quoted model globs begin with their quote.
private func aliasCount(_ text: String) -> Int {
  var count = 0
  var previous = UInt8(ascii: " ")
  var before = previous
  for byte in text.utf8 {
    let opens = " \t\r\n[{,:-?".utf8.contains(before)
    if previous == UInt8(ascii: "*"), opens, isWordByte(byte) { count += 1 }
    before = previous
    previous = byte
  }
  return count
}

private struct TreeBuilder {
  let environment: [String: String]
  let unset: UnsetSecrets
  var problems: ProblemList
  private var count = 0

  init(environment: [String: String], unset: UnsetSecrets, problems: ProblemList) {
    self.environment = environment
    self.unset = unset
    self.problems = problems
  }

  mutating func node(_ node: Node, path: String, depth: Int) -> PlaybookNode {
    let place = Place(node.mark)
    return PlaybookNode(content: content(node, place, path, depth), place: place, path: path)
  }

  private mutating func content(_ node: Node, _ place: Place, _ path: String, _ depth: Int) -> PlaybookNode.Content {
    count += 1
    guard count <= YAMLLimit.nodes else {
      if count == YAMLLimit.nodes + 1 {
        problems.error(place, path, "more than \(YAMLLimit.nodes) values", "write fewer, or fewer aliases")
      }
      return .unusable
    }
    guard depth <= YAMLLimit.depth else {
      problems.error(place, path, "nested more than \(YAMLLimit.depth) levels deep")
      return .unusable
    }
    guard hasKnownTag(node) else {
      problems.error(place, path, "YAML tags (!name) are not part of the playbook format", "remove the tag")
      return .unusable
    }
    switch node {
    case .scalar(let scalar): return .scalar(read(scalar, place, path))
    case .sequence(let sequence):
      var items: [PlaybookNode] = []
      for (index, item) in sequence.enumerated() where count <= YAMLLimit.nodes {
        items.append(self.node(item, path: "\(path)[\(index)]", depth: depth + 1))
      }
      return .list(items)
    case .mapping(let mapping): return self.mapping(mapping, path, depth)
    case .alias: return .unusable
    }
  }

  private mutating func mapping(_ mapping: Node.Mapping, _ path: String, _ depth: Int) -> PlaybookNode.Content {
    var entries: [PlaybookNode.Entry] = []
    var isUsable = true
    for (key, value) in mapping where count <= YAMLLimit.nodes {
      let text = key.scalar?.string ?? ""
      let childPath = PlaybookNode.path(path, text)
      if let refusal = refusal(ofKey: key) {
        problems.error(Place(key.mark), key.scalar == nil ? path : childPath, refusal.message, refusal.say)
        isUsable = false
      }
      let node = node(value, path: childPath, depth: depth + 1)
      entries.append(PlaybookNode.Entry(key: text, keyPlace: Place(key.mark), value: node))
    }
    return isUsable ? .mapping(entries) : .unusable
  }

  private func refusal(ofKey key: Node) -> Refusal? {
    guard let text = key.scalar?.string else { return Refusal("a key must be plain text") }
    if text == "<<" { return Refusal("YAML merge keys are not part of the playbook format", say: "write the keys out") }
    return text.contains("${")
      ? Refusal("'${…}' is replaced in values only, never in keys", say: "write the key out") : nil
  }

  private mutating func read(_ scalar: Node.Scalar, _ place: Place, _ path: String) -> PlaybookNode.Scalar {
    var result = PlaybookNode.Scalar(source: scalar.string, text: nil, isPlain: scalar.style == .plain)
    switch substitute(scalar.string, environment: environment) {
    case .text(let text): result.text = text
    case .unset(let name) where unset == .warned && UnsetSecrets.stands(at: path):
      problems.warning(
        place, path, "the environment variable \(name) is not set",
        "to look at the playbook it is not needed, to run it is")
      result.text = UnsetSecrets.standIn(for: name, at: path)
    case .unset(let name):
      problems.error(
        place, path, "the environment variable \(name) is not set", "set it, or say ${\(name):-default}")
    case .malformed:
      problems.error(
        place, path, "'${' begins neither ${NAME} nor ${NAME:-default}", "write $${ for the two characters themselves")
    }
    return result
  }

  private func hasKnownTag(_ node: Node) -> Bool {
    let name = node.tag.rawValue
    return name.isEmpty || name == "!"
      || ["str", "int", "float", "bool", "null", "seq", "map"].contains { name == "tag:yaml.org,2002:\($0)" }
  }
}

extension Place {
  fileprivate init(_ mark: Mark?) {
    self.init(line: mark?.line ?? 0, column: mark?.column ?? 0)
  }
}

/// One problem for the one error after which a YAML parser cannot go on.
private func report(_ error: YamlError, text: String, problems: inout ProblemList) {
  switch error {
  case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
    if problem.contains("nesting level") {
      problems.error(Place(mark), "", "nested more than \(YAMLLimit.depth) levels deep")
      return
    }
    let what = context.map { "\(problem) (\($0.text), which began at \($0.mark.line):\($0.mark.column))" } ?? problem
    problems.error(Place(mark), "", "not YAML: \(what)", hint(text: text, line: mark.line))
  case .composer(_, let problem, let mark, _):
    let isSecond = problem.contains("another document")
    problems.error(
      Place(mark), "", isSecond ? "the file holds more than one YAML document" : "not YAML: \(problem)",
      isSecond ? "one playbook a file" : nil)
  case .duplicatedKeysInMapping(let keys, let context):
    let names = keys.map { "'\($0.prefix(60))'" }.joined(separator: ", ")
    problems.error(
      Place(context.mark), "", "\(names) stands more than once in one mapping", "a key may be given only once")
  case .reader(let problem, let offset, _, _):
    let before = offset.map { text.prefix($0) } ?? ""
    let line = 1 + before.count { $0.isNewline }
    let column =
      1 + (before.lastIndex { $0.isNewline }.map { before[before.index(after: $0)...].count } ?? before.count)
    problems.error(Place(line: line, column: column), "", "not YAML: \(problem)")
  default:
    problems.error(.wholeFile, "", "not readable as YAML")
  }
}

/// The usual slips of the pen on the line of a syntax error.
private func hint(text: String, line: Int) -> String? {
  let lines = text.split(separator: "\n", maxSplits: line, omittingEmptySubsequences: false)
  guard lines.indices.contains(line - 1) else { return nil }
  let content = lines[line - 1]
  if content.contains("\t") { return "YAML is indented with spaces, never tabs" }
  if content.contains("${"), content.contains("{") { return "inside { } quote it: \"${NAME}\"" }
  if content.contains("*") { return "a value that begins with * needs quotes: \"*\"" }
  return nil
}
