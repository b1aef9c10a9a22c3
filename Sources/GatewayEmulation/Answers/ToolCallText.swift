/// The call of a tool as the dialects spell it.
struct ToolCallText {
  let draft: AnswerDraft
  let call: AnswerMatter.Call

  init?(draft: AnswerDraft) {
    guard let call = draft.matter.call else { return nil }
    self.draft = draft
    self.call = call
  }

  /// Where the dialect has the arguments in a string.
  var arguments: String { JSONText.literal(call.arguments) }
  var pieces: [String] { call.pieces.map(JSONText.literal) }

  // MARK: Chat completions

  private var id: String { "call_" + draft.token }

  /// An element of `message.tool_calls`.
  var chat: String {
    #"{"id":"\#(id)","type":"function","function":{"name":"\#(call.name)","arguments":\#(arguments)}}"#
  }

  /// The members of `delta`, in the order of their chunks.
  var chatDeltas: [String] {
    [
      #""tool_calls":[{"index":0,"id":"\#(id)","type":"function","#
        + #""function":{"name":"\#(call.name)","arguments":""}}]"#
    ] + pieces.map { #""tool_calls":[{"index":0,"function":{"arguments":\#($0)}}]"# }
  }

  // MARK: Responses

  var itemID: String { "fc_" + draft.token }

  func item(status: String, arguments: String) -> String {
    #"{"type":"function_call","id":"\#(itemID)","call_id":"\#(id)","name":"\#(call.name)","#
      + #""arguments":\#(arguments),"status":"\#(status)"}"#
  }

  // MARK: Messages

  func block(input: String) -> String {
    #"{"type":"tool_use","id":"toolu_\#(draft.token)","name":"\#(call.name)","input":\#(input)}"#
  }
}
