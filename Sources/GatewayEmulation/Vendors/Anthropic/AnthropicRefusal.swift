/// A refusal of Anthropic's, in its form.
struct AnthropicRefusal: Error, Equatable {
  var status = 400
  var type = "invalid_request_error"
  var message: String

  init(_ message: String) { self.message = message }

  init(_ status: Int, _ type: String, _ message: String) {
    self.status = status
    self.type = type
    self.message = message
  }

  /// - Parameter request: the request's identifier.
  func document(request: String) -> String {
    #"{"type":"error","error":{"type":"\#(type)","message":"\#(JSONText.escaped(message))"},"request_id":"\#(request)"}"#
  }

  static func extra(_ place: String) -> AnthropicRefusal {
    AnthropicRefusal("\(place): Extra inputs are not permitted")
  }
  static func missing(_ place: String) -> AnthropicRefusal { AnthropicRefusal("\(place): Field required") }
}

extension JSONValue {
  /// - Throws: a refusal of the first member that is none of these.
  func only(_ names: Set<String>, at place: String) throws(AnthropicRefusal) {
    for member in members where !names.contains(member.name) {
      throw .extra(place.isEmpty ? member.name : "\(place).\(member.name)")
    }
  }

  var isNull: Bool { text == "null" }

  /// The text of a string, its escapes undone; nil for all else.
  var unescaped: String? { string.map(JSONText.unescaped) }
}

func need(_ condition: Bool, _ message: @autoclosure () -> String) throws(AnthropicRefusal) {
  if !condition { throw AnthropicRefusal(message()) }
}
