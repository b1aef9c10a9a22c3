/// A place in a JSON document, written as people write it: `data.urls.get`, `images[].url`.

import Dialects

package struct JSONPath: Sendable, Equatable, ExpressibleByStringLiteral {
  private enum Step: Sendable, Equatable {
    case member(String)
    case elements
  }
  private let steps: [Step]

  package init(stringLiteral text: String) {
    steps = text.split(separator: ".").flatMap { word -> [Step] in
      word.hasSuffix("[]") ? [.member(String(word.dropLast(2))), .elements] : [.member(String(word))]
    }
  }

  /// As it was written.
  package var text: String {
    steps.reduce("") { text, step in
      switch step {
      case .member(let name): text.isEmpty ? name : "\(text).\(name)"
      case .elements: "\(text)[]"
      }
    }
  }

  /// All values at the place, in the document's order; of a name given twice the last one counts.
  func values(in document: JSONSlice) -> [JSONSlice] {
    var found = [document]
    for step in steps {
      found = found.flatMap { value -> [JSONSlice] in
        switch step {
        case .elements: value.elements
        case .member(let name):
          if let member = value.member(name) { [member] } else { [] }
        }
      }
    }
    return found
  }

  func first(in document: JSONSlice) -> JSONSlice? { values(in: document).first { !$0.isNull } }
}

extension JSONSlice {
  /// The value of an object's last member of a name.
  fileprivate func member(_ name: String) -> JSONSlice? {
    var found: JSONSlice?
    forEachMember { key, value in if key.text == name { found = value } }
    return found
  }
}
