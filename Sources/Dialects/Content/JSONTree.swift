/// A JSON value held as a tree: what answers are assembled from and compared by, off the path of live traffic.

/// The last of an object's members of one name is kept alone, as in Python and JavaScript.
package enum JSONTree: Sendable, Equatable {
  case null
  case bool(Bool)
  /// A number as it was written: its digits are kept, however many.
  case number(String)
  case string(String)
  case array([JSONTree])
  /// In the order of the text, no name twice.
  case object([Member])

  package struct Member: Sendable, Equatable {
    package var name: String
    package var value: JSONTree

    package init(name: String, value: JSONTree) {
      self.name = name
      self.value = value
    }
  }
}

extension JSONTree {
  /// The value of an object's member; nil for all else.
  package subscript(name: String) -> JSONTree? {
    guard case .object(let members) = self else { return nil }
    for member in members where member.name == name { return member.value }
    return nil
  }

  /// Nil unless it is a string.
  package var text: String? { if case .string(let text) = self { text } else { nil } }

  /// Empty unless it is an array.
  package var elements: [JSONTree] { if case .array(let elements) = self { elements } else { [] } }

  /// Empty unless it is an object.
  package var members: [Member] { if case .object(let members) = self { members } else { [] } }

  /// Nil unless it is a number that a `Double` can hold, if not exactly.
  package var double: Double? {
    guard case .number(let text) = self, let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// Nil unless it is a whole number written as such.
  package var integer: Int? { if case .number(let text) = self { Int(text) } else { nil } }

  package var isNull: Bool { self == .null }
}
