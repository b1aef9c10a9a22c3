/// Puts the tool calls of a chat message together from the pieces in which a stream brings them.

struct ToolCallPieces {
  private struct Piece {
    var index: Int
    var call: AnswerContent.ToolCall
  }

  private var pieces: [Piece] = []
  /// The legacy `function_call`, of which there is one at most.
  private var function: AnswerContent.ToolCall?

  static let limit = 256

  /// Those with a name, in the order of their indices, whichever came first: what has no name can be called by nobody.
  var calls: [AnswerContent.ToolCall] {
    let ordered = pieces.enumerated().sorted { ($0.element.index, $0.offset) < ($1.element.index, $1.offset) }
    return (ordered.map(\.element.call) + (function.map { [$0] } ?? [])).filter { !$0.name.isEmpty }
  }

  /// - Parameters:
  ///   - position: within the list it came in, which counts where it has no index of its own.
  ///   - isPiece: of a stream, whose pieces SDKs put together by their index alone; a whole message has one call after
  ///     another.
  mutating func read(_ call: JSONTree, at position: Int, isPiece: Bool) {
    let body = call["function"] ?? call["custom"] ?? call
    let index = isPiece ? call["index"]?.integer ?? position : pieces.count
    guard let place = place(index: index, name: body["name"]?.text ?? "") else { return }
    pieces[place].call.arguments += Self.arguments(body["arguments"] ?? body["input"])
  }

  mutating func readFunction(_ body: JSONTree) {
    guard !body.members.isEmpty else { return }
    var call = function ?? AnswerContent.ToolCall(name: "", arguments: "")
    if call.name.isEmpty { call.name = body["name"]?.text ?? "" }
    call.arguments += Self.arguments(body["arguments"])
    function = call
  }

  private mutating func place(index: Int, name: String) -> Int? {
    if let place = pieces.lastIndex(where: { $0.index == index }) {
      // Some arms repeat the name with every piece.
      if pieces[place].call.name.isEmpty { pieces[place].call.name = name }
      return place
    }
    guard pieces.count < Self.limit else { return nil }
    pieces.append(Piece(index: index, call: AnswerContent.ToolCall(name: name, arguments: "")))
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
