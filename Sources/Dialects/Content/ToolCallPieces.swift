/// Puts the tool calls of a chat message together from the pieces in which a stream brings them.

struct ToolCallPieces {
  private struct Piece {
    var index: Int
    var id: String
    var call: AnswerContent.ToolCall
  }

  private var pieces: [Piece] = []
  /// The legacy `function_call`, of which there is one at most.
  private var function: AnswerContent.ToolCall?

  static let limit = 256

  var calls: [AnswerContent.ToolCall] { pieces.map(\.call) + (function.map { [$0] } ?? []) }

  /// - Parameter position: within the list it came in, which counts where it has no index of its own.
  mutating func read(_ call: JSONTree, at position: Int) {
    let body = call["function"] ?? call["custom"] ?? call
    let name = body["name"]?.text ?? ""
    guard let place = place(index: call["index"]?.integer ?? position, id: call["id"]?.text ?? "", name: name) else {
      return
    }
    // Some arms repeat the name with every piece.
    if pieces[place].call.name.isEmpty { pieces[place].call.name = name }
    pieces[place].call.arguments += Self.arguments(body["arguments"] ?? body["input"])
  }

  mutating func readFunction(_ body: JSONTree) {
    guard !body.members.isEmpty else { return }
    var call = function ?? AnswerContent.ToolCall(name: "", arguments: "")
    if call.name.isEmpty { call.name = body["name"]?.text ?? "" }
    call.arguments += Self.arguments(body["arguments"])
    function = call
  }

  private mutating func place(index: Int, id: String, name: String) -> Int? {
    if let place = pieces.lastIndex(where: { $0.index == index }) {
      let isSame = id.isEmpty || pieces[place].id.isEmpty || pieces[place].id == id
      // Relays of other dialects give every call the index 0: another id with a name begins another call.
      if isSame || name.isEmpty {
        if pieces[place].id.isEmpty { pieces[place].id = id }
        return place
      }
    }
    guard pieces.count < Self.limit else { return nil }
    pieces.append(Piece(index: index, id: id, call: AnswerContent.ToolCall(name: name, arguments: "")))
    return pieces.count - 1
  }

  /// Text as OpenAI has it, or an object as others do.
  static func arguments(_ tree: JSONTree?) -> String {
    switch tree {
    case nil, .null: ""
    case .string(let text): text
    case .some(let tree): tree.canonicalText
    }
  }
}
