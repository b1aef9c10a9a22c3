/// The attributes of a request that the split may ask for; the proxy answers from its bytes, and only when asked.

package import Dialects

package protocol RequestAttributes {
  /// Nil for a path that is no inference endpoint.
  var endpoint: Endpoint? { get }

  /// The things that it asks for beyond an answer.
  var traits: RequestTraits { get }

  /// Whether its body could be looked into.
  var isReadable: Bool { get }

  /// The body's `model`; nil where it has none.
  var model: String? { get }

  /// Without the query, as the application sent it.
  var path: String { get }

  /// The first value of a header, given its lower-case name.
  func header(_ lowercasedName: String) -> String?

  /// A body field's value by dotted path: a string's text, a number or a boolean as written; nil for all else.
  func bodyValue(_ path: String) -> String?

  /// Why it cannot be said in a candidate's dialect, which is not its own; nil where it can.
  /// - Parameter model: the candidate's own id.
  func untranslatable(for candidate: Int, model: String) -> Ineligibility?

  /// Whether a body field's value matches: of a list one of its elements, of an object that it is there, which only `*`
  /// matches.
  func bodyValue(_ path: String, matches glob: Glob) -> Bool
}

extension RequestAttributes {
  package var endpoint: Endpoint? { nil }
  package var traits: RequestTraits { RequestTraits() }
  package var isReadable: Bool { true }
  package func untranslatable(for candidate: Int, model: String) -> Ineligibility? { nil }

  package func bodyValue(_ path: String, matches glob: Glob) -> Bool {
    bodyValue(path).map(glob.matches) ?? false
  }
}

extension TrafficRule {
  /// Whether all matchers match. An attribute that the request does not have matches nothing, not even `*`.
  package func matches(_ request: some RequestAttributes) -> Bool {
    match.allSatisfy { matcher in
      switch matcher.attribute {
      case .model: request.model.map(matcher.glob.matches) ?? false
      case .path: matcher.glob.matches(request.path)
      case .header(let name): request.header(name).map(matcher.glob.matches) ?? false
      case .body(let path): request.bodyValue(path, matches: matcher.glob)
      }
    }
  }
}
