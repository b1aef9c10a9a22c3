import Testing

@testable import Dialects

@Suite("TokenUsage")
struct TokenUsageTests {
  private func facts(_ usage: String, beside: String = "") -> AnswerFacts {
    AnswerCase(format: .json).read(
      #"{\#(beside)"choices":[{"message":{"content":"a"},"finish_reason":"stop"}],"usage":\#(usage)}"#
    ).facts
  }

  @Test("OpenRouter: cached and written are parts of the prompt, reasoning of the completion")
  func openRouter() {
    let usage = facts(
      #"{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,"prompt_tokens_details":{"cached_tokens":60,"cache_write_tokens":10,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":20}}"#
    ).usage
    #expect(usage == TokenUsage(prompt: 100, completion: 50, cached: 60, cacheWrite: 10, reasoning: 20))
  }

  @Test("xAI: reasoning is beside the completion, as its total tells, and its cost is in ticks")
  func xAI() {
    let answer = facts(
      #"{"prompt_tokens":18,"completion_tokens":4,"total_tokens":122,"completion_tokens_details":{"reasoning_tokens":100},"cost_in_usd_ticks":2470000}"#
    )
    #expect(answer.usage == TokenUsage(prompt: 18, completion: 104, reasoning: 100))
    #expect(answer.reportedCost == 0.000247)
  }

  @Test("DeepSeek and Moonshot: the cached count is in usage itself")
  func deepSeek() {
    #expect(
      facts(#"{"prompt_tokens":18,"completion_tokens":4,"prompt_cache_hit_tokens":7,"prompt_cache_miss_tokens":11}"#)
        .usage?.cached == 7)
    #expect(facts(#"{"prompt_tokens":18,"completion_tokens":4,"cached_tokens":7}"#).usage?.cached == 7)
  }

  @Test("Anthropic: what the cache has read and written is added to the prompt")
  func anthropic() {
    let usage = facts(
      #"{"input_tokens":5,"cache_read_input_tokens":24,"cache_creation_input_tokens":3,"output_tokens":8}"#
    ).usage
    #expect(usage == TokenUsage(prompt: 32, completion: 8, cached: 24, cacheWrite: 3))
  }

  @Test("a gateway that reports Anthropic's names beside OpenAI's is not counted twice")
  func bothNames() {
    let usage = facts(#"{"prompt_tokens":32,"completion_tokens":8,"input_tokens":0,"cache_read_input_tokens":24}"#)
      .usage
    #expect(usage == TokenUsage(prompt: 32, completion: 8, cached: 24))
  }

  @Test("a later zero does not undo a count, a later count does")
  func laterZero() {
    let stream = AnswerCase(endpoint: .messages).read(
      Messages.start + Messages.text + "event: message_delta\n"
        + events(
          #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":0,"output_tokens":9}}"#)
        + Messages.stop)
    #expect(stream.facts.usage == TokenUsage(prompt: 36, completion: 9, cached: 12, cacheWrite: 3))
  }

  @Test("usage in a choice or in x_groq counts")
  func elsewhere() {
    let moonshot = events(
      #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":{"prompt_tokens":3,"completion_tokens":4}}]}"#)
    let groq = events(
      #"{"x_groq":{"id":"r","usage":{"prompt_tokens":3,"completion_tokens":4}},"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
    )
    for stream in [moonshot, groq] {
      #expect(AnswerCase().read(stream).facts.usage == TokenUsage(prompt: 3, completion: 4))
    }
  }

  @Test(
    "counts that make no sense are unknown",
    arguments: ["-1", "1.5", "1e300", "null", "{}", "[1]", "true", "99999999999999999999"])
  func nonsense(count: String) {
    #expect(facts(#"{"prompt_tokens":\#(count)}"#).usage == nil)
    #expect(facts(#"{"prompt_tokens":\#(count),"completion_tokens":2}"#).usage == nil)
  }

  @Test("whole numbers count however they are written", arguments: ["24", "24.0", "2.4e1", "\"24\""])
  func spellings(count: String) {
    #expect(facts(#"{"prompt_tokens":\#(count),"completion_tokens":1}"#).usage?.prompt == 24)
  }

  @Test("with the caller's own provider key the upstream's cost is added")
  func byok() {
    #expect(
      facts(#"{"prompt_tokens":1,"cost":0.01,"is_byok":true,"cost_details":{"upstream_inference_cost":0.2}}"#)
        .reportedCost == 0.01 + 0.2)
    #expect(
      facts(#"{"prompt_tokens":1,"cost":0.01,"is_byok":false,"cost_details":{"upstream_inference_cost":0.2}}"#)
        .reportedCost == 0.01)
    #expect(
      facts(#"{"prompt_tokens":1,"cost":0.01,"is_byok":true,"cost_details":{"upstream_inference_cost":null}}"#)
        .reportedCost == 0.01)
  }

  @Test("Gemini: thoughts stand nowhere but in the total")
  func hiddenInTotal() {
    #expect(
      facts(#"{"prompt_tokens":20,"completion_tokens":198,"total_tokens":623}"#).usage
        == TokenUsage(prompt: 20, completion: 603))
    #expect(
      facts(#"{"prompt_tokens":20,"completion_tokens":424,"total_tokens":1016}"#).usage
        == TokenUsage(prompt: 20, completion: 996))
    // Reasoning that is more than all that was written was counted beside it.
    #expect(
      facts(#"{"prompt_tokens":20,"completion_tokens":4,"completion_tokens_details":{"reasoning_tokens":100}}"#).usage
        == TokenUsage(prompt: 20, completion: 104, reasoning: 100))
  }

  @Test(
    "one count and the total give the other; alone each leaves the cost open",
    arguments: [
      (#"{"prompt_tokens":20,"total_tokens":25}"#, TokenUsage(prompt: 20, completion: 5)),
      (#"{"completion_tokens":5,"total_tokens":25}"#, TokenUsage(prompt: 20, completion: 5)),
      (#"{"input_tokens":20,"output_tokens":5}"#, TokenUsage(prompt: 20, completion: 5)),
      (#"{"total_tokens":25}"#, nil), (#"{"prompt_tokens":20}"#, nil), (#"{"completion_tokens":5}"#, nil),
      (#"{"prompt_tokens":0,"completion_tokens":5,"total_tokens":5}"#, nil),
      (#"{"prompt_tokens":20,"completion_tokens":0,"total_tokens":20}"#, nil),
      (#"{"input_tokens":0,"output_tokens":5}"#, nil), (#"{"output_tokens":5}"#, nil),
    ])
  func unknown(usage: String, expected: TokenUsage?) {
    #expect(facts(usage).usage == expected)
  }

  @Test("embeddings have no output: a total is all input")
  func embeddings() {
    let json = AnswerCase(endpoint: .embeddings, format: .json)
    for usage in [
      #"{"total_tokens":355}"#, #"{"prompt_tokens":355}"#, #"{"prompt_tokens":355,"total_tokens":355}"#,
      #"{"input_tokens":355,"output_tokens":0}"#,
    ] {
      let facts = json.read(#"{"data":[{"embedding":[1]}],"usage":\#(usage)}"#).facts
      #expect(facts.usage == TokenUsage(prompt: 355, completion: 0), "\(usage)")
    }
  }

  @Test(
    "a cost is read in every place that has one",
    arguments: [
      (#"{"prompt_tokens":7,"cost":{"input_tokens_cost":1e-5,"request_cost":0.005,"total_cost":0.006}}"#, 0.006),
      (#"{"prompt_tokens":7,"cost":{"total_cost":"0.006"}}"#, 0.006), (#"{"cost":"6e-3"}"#, 0.006),
      (#"{"prompt_tokens":7,"estimated_cost":0.006}"#, 0.006), (#"{"estimated_cost":1,"cost":0.006}"#, 0.006),
      (#"{"total_cost":0.006}"#, 0.006), (#"{"cost_in_usd_ticks":60000000}"#, 0.006),
      (#"{"cost":{}}"#, nil), (#"{"cost":{"request_cost":0.005}}"#, nil), (#"{"cost":-1}"#, nil),
      (#"{"cost":null}"#, nil),
    ])
  func places(usage: String, expected: Double?) {
    #expect(facts(usage).reportedCost == expected)
  }

  @Test("beside usage too, as a number or an object")
  func besideUsage() {
    #expect(facts("{}", beside: #""cost":{"total_cost":0.006},"#).reportedCost == 0.006)
    #expect(facts("null", beside: #""outputs":{"cost":0.42},"#).reportedCost == 0.42)
    let edenai = events(#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"cost":0.000114}"#)
    #expect(AnswerCase().read(edenai).facts.reportedCost == 0.000114)
    let response = #"{"type":"response.completed","response":{"id":"r","status":"completed","cost":0.1}}"#
    #expect(AnswerCase(endpoint: .responses).read(events(response)).facts.reportedCost == 0.1)
  }

  @Test("a cost beside usage is the last resort")
  func topLevelCost() {
    #expect(facts(#"{"prompt_tokens":1}"#, beside: #""cost":0.000114,"#).reportedCost == 0.000114)
    #expect(facts(#"{"prompt_tokens":1,"cost":2e-3}"#, beside: #""cost":0.000114,"#).reportedCost == 0.002)
    #expect(facts(#"{"prompt_tokens":1}"#).reportedCost == nil)
  }
}
