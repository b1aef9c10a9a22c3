/// Says a chat completions request in Anthropic's messages, or why that cannot be done without losing something.

package import Dialects

package struct MessagesRequest: Sendable, Equatable {
  package var body: [UInt8]
  package var asksForStream: Bool
  /// The answer's reasoning is not wanted.
  package var hidesReasoning: Bool

  /// - Parameters:
  ///   - chat: the request's body, without what the arm is not to see.
  ///   - policy: what the model takes.
  /// - Throws: why the request stays where it is.
  package init(chat: [UInt8], _ policy: MessagesPolicy) throws(Untranslatable) {
    guard let request = JSONSlice(chat), request.kind == .object else { throw .unreadable }
    try Self.refuseWhatIsMissing(request)
    let limit = try Self.limit(request, policy)
    let conversation = try ChatConversation(request["messages"])
    let tools = try ChatTools(request, takesSchemas: policy.takesSchemas)
    let reasoning = try AskedReasoning(request, policy, maxTokens: limit)
    try Self.check(conversation, tools, reasoning, policy)
    let format = try AnswerSchema.format(request["response_format"], takesSchemas: policy.takesSchemas)
    asksForStream = request["stream"]?.isTrue == true
    hidesReasoning = reasoning.isHidden

    let whole = said(request["cache_control"])
    let count = tools.markCount + conversation.markCount + (whole == nil ? 0 : 1)
    var marks = CacheMarks(count: count)
    var out: [UInt8] = []
    out.reserveCapacity(chat.count + 256)
    out.write(#"{"model":"#)
    out.write(quoted: policy.model)
    out.write(#","max_tokens":"#)
    out.write(limit)
    Self.write(tools, &marks, into: &out)
    Self.write(conversation, &marks, into: &out)
    Self.write(reasoning, format, into: &out)
    try Self.writeSampling(request, policy, reasoning, into: &out)
    if let user = request["user"]?.inside, !user.isEmpty {
      out.write(#","metadata":{"user_id":"#)
      out.write(inside: user)
      out.write("}")
    }
    // The last of all marks: of the end of the conversation, wherever that is.
    marks.write(whole, into: &out)
    if asksForStream { out.write(#","stream":true"#) }
    out.write("}")
    body = out
  }

  private static func refuseWhatIsMissing(_ request: JSONSlice) throws(Untranslatable) {
    if let n = request["n"]?.integer, n > 1 { throw .severalChoices }
    if request["logprobs"]?.isTrue == true || (request["top_logprobs"]?.integer ?? 0) > 0 { throw .logprobs }
    var isBiased = false
    request["logit_bias"]?.forEachMember { _, _ in isBiased = true }
    if isBiased { throw .samplingRefused }
    let isOnlyText = request["modalities"]?.elements.allSatisfy { $0.reads("text") } ?? true
    if !isOnlyText || said(request["audio"]) != nil { throw .contentPart }
  }

  /// The application's, as far as the model goes; where it names none, the model's own.
  private static func limit(_ request: JSONSlice, _ policy: MessagesPolicy) throws(Untranslatable) -> Int {
    guard let asked = said(request["max_completion_tokens"]) ?? said(request["max_tokens"]) else {
      return policy.maxTokens
    }
    guard let limit = asked.integer, limit > 0 else { throw .unreadable }
    return min(limit, policy.maxTokens)
  }

  private static func check(
    _ conversation: ChatConversation, _ tools: ChatTools, _ reasoning: AskedReasoning, _ policy: MessagesPolicy
  ) throws(Untranslatable) {
    if conversation.usesTools, tools.tools.isEmpty { throw .orphanToolResult }
    if reasoning.isOn, tools.forcesCall { throw .schemaNotExpressible }
    guard let last = conversation.turns.last else { throw .unreadable }
    if !last.isUser {
      let goesOn = policy.takesPrefill && !reasoning.isOn && last.blocks.last?.endsInSpace != true
      guard goesOn else { throw .prefill }
    }
    guard reasoning.isOn else { return }
    // A turn of tools that is still under way goes on from its thinking; what was thought before is passed over.
    let turns = conversation.turns
    var index = turns.count - 1
    while index > 0, turns[index].isUser, !turns[index].results.isEmpty {
      let turn = turns[index - 1]
      if turn.lostReasoning || reasoning.isBudgeted && !turn.hasThinking { throw .thinkingUnsigned }
      index -= 2
    }
  }
}
