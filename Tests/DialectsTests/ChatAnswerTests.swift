import Testing

@testable import Dialects

@Suite("AnswerReader: chat completions")
struct ChatAnswerTests {
  @Test("a stream is read for its identity, end, usage and cost, and its first content is after comments")
  func stream() {
    let answer = AnswerCase().read(Chat.stream)
    #expect(answer.firstContentIsAtEnd(of: Chat.comment + Chat.li))
    #expect(answer.terminalAt == Chat.stream.utf8.count)
    let facts = answer.facts
    #expect(facts.id == "gen-1795360002-XyZ")
    #expect(facts.model == "anthropic/claude-opus-4.7")
    #expect(facts.finishReason == "stop")
    #expect(facts.finish == .stop)
    #expect(facts.sawContent && !facts.sawReasoning && !facts.sawToolCall && !facts.sawRefusal)
    #expect(facts.eventCount == 4)
    #expect(facts.usage == TokenUsage(prompt: 21, completion: 4))
    #expect(facts.reportedCost == 0.000205)
    #expect(facts.error == nil)
    #expect(facts.malformedEvents == 0 && !facts.endedWithinEvent && !facts.hasUnfinishedChoice)
  }

  @Test("a JSON body gives the same facts, all at its closing brace")
  func body() {
    let answer = AnswerCase(format: .json).read(Chat.body + "\n")
    #expect(answer.firstContentAt == Chat.body.utf8.count)
    #expect(answer.terminalAt == Chat.body.utf8.count)
    let facts = answer.facts
    #expect(facts.id == "gen-1795360001-AbCdEf")
    #expect(facts.model == "anthropic/claude-opus-4.7")
    #expect(facts.finishReason == "stop")
    #expect(facts.sawContent && facts.sawTerminal && !facts.sawReasoning && !facts.sawRefusal)
    #expect(facts.usage == TokenUsage(prompt: 21, completion: 4))
    #expect(facts.reportedCost == 0.000205)
    #expect(facts.eventCount == 0)
  }

  @Test(
    "a role-only chunk is not the first content",
    arguments: [
      Chat.roleOnly, events(#"{"choices":[{"index":0,"delta":{"role":"assistant"}}]}"#),
      events(#"{"choices":[{"index":0,"delta":{"role":"assistant","content":"","tool_calls":[],"reasoning":null}}]}"#),
    ])
  func roleOnly(chunk: String) {
    let answer = AnswerCase().read(chunk + Chat.li)
    #expect(answer.firstContentIsAtEnd(of: chunk + Chat.li))
  }

  @Test("reasoning is the first content, but nothing that can be shown yet; a tool call is both")
  func visible() {
    let reasoning = events(#"{"choices":[{"index":0,"delta":{"reasoning":"Capital of Peru…"}}]}"#)
    let answer = AnswerCase().read(reasoning + Chat.li)
    #expect(answer.firstContentIsAtEnd(of: reasoning))
    #expect(answer.firstVisibleAt == (reasoning + Chat.li).utf8.count)
    let call = events(
      #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":""}}]}}]}"#)
    let called = AnswerCase().read(call + Chat.li)
    #expect(called.firstVisibleAt == call.utf8.count && called.firstContentAt == call.utf8.count)
  }

  @Test(
    "each kind of delta is content, reasoning, a refusal or a tool call",
    arguments: [
      (#"{"content":"x"}"#, "content"),
      (#"{"content":[{"type":"text","text":"x"}]}"#, "content"),
      (#"{"content":"\u0041"}"#, "content"),
      (#"{"audio":{"id":"a","data":"AAAA"}}"#, "content"),
      (#"{"images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}"#, "content"),
      (#"{"refusal":"I cannot"}"#, "content refusal"),
      (#"{"reasoning":"hm"}"#, "reasoning"),
      (#"{"reasoning_content":"hm","content":null}"#, "reasoning"),
      (#"{"content":"","reasoning_details":[{"type":"reasoning.text","text":"hm"}]}"#, "reasoning"),
      (#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}"#, "reasoning"),
      (#"{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":""}}]}"#, "tool"),
      (#"{"function_call":{"name":"f","arguments":""}}"#, "tool"),
      (#"{"content":"","reasoning":"","refusal":null,"tool_calls":[],"images":[],"reasoning_details":[]}"#, ""),
      (#"{"content":[],"annotations":[{"type":"url_citation"}]}"#, ""),
      (#"{"content":[{"type":"text","text":""}]}"#, ""),
      (#"{}"#, ""),
    ])
  func deltas(delta: String, expected: String) {
    for (key, format) in [("delta", AnswerFormat.eventStream), ("message", .json)] {
      let document = #"{"choices":[{"index":0,"\#(key)":\#(delta)}]}"#
      let answer = AnswerCase(format: format).read(format == .json ? document : events(document))
      let facts = answer.facts
      let seen = [
        facts.sawContent ? "content" : nil, facts.sawReasoning ? "reasoning" : nil, facts.sawRefusal ? "refusal" : nil,
        facts.sawToolCall ? "tool" : nil,
      ]
      #expect(seen.compactMap { $0 }.joined(separator: " ") == expected, "\(key)")
      #expect((answer.firstContentAt != nil) == !expected.isEmpty)
    }
  }

  @Test("with several choices each one's end is awaited")
  func everyIndex() {
    let two = events(
      #"{"choices":[{"index":0,"delta":{"content":"a"}}]}"#, #"{"choices":[{"index":1,"delta":{"content":"b"}}]}"#,
      #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#)
    let rest = events(#"{"choices":[{"index":1,"delta":{},"finish_reason":"length"}]}"#)
    let several = AnswerCase(tellsChoicesApart: true)
    #expect(several.read(two).facts.hasUnfinishedChoice)
    #expect(several.outcome(two) == .incomplete)
    #expect(several.outcome(two + Chat.done) == .incomplete)
    let whole = several.read(two + rest).facts
    #expect(!whole.hasUnfinishedChoice)
    #expect(whole.finishReason == "stop")
    #expect(several.outcome(two + rest) == .ok)
    let body =
      #"{"choices":[{"index":0,"finish_reason":"stop","text":"a"},{"index":1,"finish_reason":null,"text":"b"}]}"#
    for (apart, outcome) in [(true, Outcome.incomplete), (false, .ok)] {
      let legacy = AnswerCase(endpoint: .completions, format: .json, tellsChoicesApart: apart)
      #expect(legacy.outcome(body) == outcome)
    }
  }

  @Test("an error in any choice is the answer's finish reason")
  func errorInSecondChoice() {
    let body =
      #"{"choices":[{"finish_reason":"stop","message":{"content":"a"}},{"finish_reason":"error","message":{"content":""}}]}"#
    let several = AnswerCase(format: .json, tellsChoicesApart: true)
    #expect(several.read(body).facts.finishReason == "error")
    #expect(several.outcome(body) == .errorInBody)
    // Whoever asked for one choice reads the first.
    #expect(AnswerCase(format: .json).outcome(body) == .ok)
  }

  @Test("an empty finish reason is none")
  func emptyFinish() {
    let facts = AnswerCase().read(events(#"{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":""}]}"#))
      .facts
    #expect(facts.finishReason == nil)
    #expect(facts.hasUnfinishedChoice)
  }

  @Test("legacy completions carry their content in text")
  func legacy() {
    let completions = AnswerCase(endpoint: .completions)
    let begun = events(
      #"{"id":"cmpl-1","object":"text_completion","choices":[{"text":"","index":0,"finish_reason":null}]}"#)
    let stream = begun + events(#"{"choices":[{"text":"Lima","index":0,"finish_reason":null}]}"#)
    let answer = completions.read(
      stream + events(#"{"choices":[{"text":"","index":0,"finish_reason":"length"}]}"#) + Chat.done)
    #expect(answer.firstContentIsAtEnd(of: stream))
    #expect(answer.facts.finish == .length)
    let json = AnswerCase(endpoint: .completions, format: .json)
    #expect(json.outcome(#"{"choices":[{"text":"Lima","index":0,"finish_reason":"stop"}]}"#) == .ok)
  }

  @Test("embeddings are there when data has something in it")
  func embeddings() {
    let embeddings = AnswerCase(endpoint: .embeddings, format: .json)
    #expect(
      embeddings.outcome(
        #"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,-2e-3]}],"usage":{"prompt_tokens":2,"total_tokens":2}}"#
      ) == .ok)
    #expect(embeddings.outcome(#"{"object":"list","data":["AAAA"]}"#) == .ok)
    #expect(embeddings.outcome(#"{"object":"list","data":[]}"#) == .empty)
    #expect(embeddings.outcome(#"{"object":"list","data":[{"embedding":[0.1,"#) == .incomplete)
    #expect(
      embeddings.read(#"{"data":[[1]],"usage":{"prompt_tokens":2,"total_tokens":2}}"#).facts.usage
        == TokenUsage(prompt: 2, completion: 0))
    // For a chat they are no answer.
    #expect(AnswerCase(format: .json).outcome(#"{"object":"list","data":[{"object":"embedding"}]}"#) == .empty)
  }
}
