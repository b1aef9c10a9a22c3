/// Gathers which fields an answer has, over all of its documents, for the inventory of what an application gets.

/// Names as they nest, indices left out; so many of them at most.
struct FieldTree {
  private struct Node {
    var name: String
    var children: [Int] = []
  }

  private var nodes = [Node(name: "")]

  /// Elements of an array that are looked into: they are alike.
  private static let elementLimit = 8
  private static let depthLimit = 12
  /// The names below which everything is the application's or the model's, not the arm's.
  private static let foreign: Set<String> = [
    "input", "arguments", "parameters", "schema", "metadata", "tools", "logprobs",
  ]

  mutating func note(_ document: JSONTree) { note(document, below: 0, depth: 0) }

  private mutating func note(_ tree: JSONTree, below parent: Int, depth: Int) {
    guard nodes.count <= AnswerContent.fieldLimit, depth < Self.depthLimit else { return }
    switch tree {
    case .array(let elements):
      for element in elements.prefix(Self.elementLimit) { note(element, below: parent, depth: depth + 1) }
    case .object(let members):
      for member in members {
        guard let node = child(of: parent, named: member.name) else { return }
        if !Self.foreign.contains(member.name) { note(member.value, below: node, depth: depth + 1) }
      }
    default: break
    }
  }

  private mutating func child(of parent: Int, named name: String) -> Int? {
    for child in nodes[parent].children where nodes[child].name == name { return child }
    guard nodes.count <= AnswerContent.fieldLimit, name.utf8.count <= 64 else { return nil }
    nodes.append(Node(name: name))
    nodes[parent].children.append(nodes.count - 1)
    return nodes.count - 1
  }

  /// Dotted and sorted.
  var paths: [String] {
    var paths: [String] = []
    collect(below: 0, prefix: "", into: &paths)
    return paths.sorted()
  }

  private func collect(below parent: Int, prefix: String, into paths: inout [String]) {
    for child in nodes[parent].children {
      let path = prefix.isEmpty ? nodes[child].name : "\(prefix).\(nodes[child].name)"
      paths.append(path)
      collect(below: child, prefix: path, into: &paths)
    }
  }
}
