/// Names of models that are forms of one another, and names that are not.

import Testing

@testable import Dialects

@Suite("ModelName")
struct ModelNameTests {
  @Test(
    "dates, prefixes and variants are forms of the same name",
    arguments: [
      ("gpt-5.2", "gpt-5.2-2026-01-15"), ("openai/gpt-5.2", "gpt-5.2"),
      ("anthropic/claude-opus-4.7", "claude-opus-4-7"),
      ("claude-opus-4-7", "claude-opus-4-7-20260416"), ("claude-opus", "claude-opus-4-7"),
      ("anthropic/claude-opus-4.7:thinking", "anthropic/claude-opus-4.7"),
      ("google/gemini-2.5-flash", "models/gemini-2.5-flash"), ("gpt-4o", "gpt-4o-latest"),
      ("claude-opus-4-7", "us.anthropic.claude-opus-4-7-20260416-v1:0"), ("m", "m"), ("GPT-4o", "gpt-4o"),
      ("deepseek/deepseek-v3.2", "DeepSeek-V3.2-fp8"), ("~anthropic/claude-opus-latest", "claude-opus-4-7"),
      ("openrouter/auto", "openai/gpt-5.2"), ("@preset/mail", "x/y"),
    ])
  func same(asked: String, served: String) { #expect(isModel(served, aFormOf: asked)) }

  @Test(
    "another name is another model",
    arguments: [
      ("vendor/one", "vendor/one-mini-lite"), ("gpt-5.2", "gpt-5.2-mini"), ("gpt-5.2", "gpt-4o"),
      ("claude-opus-4-7", "claude-haiku-4-5"), ("gpt-5.3-codex", "gpt-5.2"), ("a", ""), ("glm-5.1", "glm-5.1-air"),
    ])
  func other(asked: String, served: String) { #expect(!isModel(served, aFormOf: asked)) }
}
