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
      Messages.start + Messages.text
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
    #expect(facts(#"{"prompt_tokens":\#(count),"completion_tokens":2}"#).usage == TokenUsage(prompt: 0, completion: 2))
  }

  @Test("whole numbers count however they are written", arguments: ["24", "24.0", "2.4e1", "\"24\""])
  func spellings(count: String) {
    #expect(facts(#"{"prompt_tokens":\#(count)}"#).usage?.prompt == 24)
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

  @Test("a cost beside usage is the last resort")
  func topLevelCost() {
    #expect(facts(#"{"prompt_tokens":1}"#, beside: #""cost":0.000114,"#).reportedCost == 0.000114)
    #expect(facts(#"{"prompt_tokens":1,"cost":2e-3}"#, beside: #""cost":0.000114,"#).reportedCost == 0.002)
    #expect(facts(#"{"prompt_tokens":1}"#).reportedCost == nil)
  }
}
