import Dialects
import Testing

@testable import Translation

@Suite struct ReasoningTests {
  @Test(
    "thinking is asked for as the model takes it",
    arguments: [
      (
        "claude-opus-4-7", #","reasoning":{"effort":"xhigh"}"#, #"{"display":"summarized","type":"adaptive"}"#,
        #"{"effort":"xhigh"}"#
      ),
      (
        "claude-opus-4-7", #","reasoning_effort":"minimal""#, #"{"display":"summarized","type":"adaptive"}"#,
        #"{"effort":"low"}"#
      ),
      ("claude-opus-4-7", #","reasoning":{"max_tokens":2000,"exclude":true}"#, #"{"type":"adaptive"}"#, nil),
      ("claude-opus-4-7", #","reasoning":{"enabled":true}"#, #"{"display":"summarized","type":"adaptive"}"#, nil),
      ("claude-opus-4-7", #","reasoning":{"effort":"none"}"#, nil, nil),
      ("claude-opus-4-7", #","verbosity":"low""#, nil, #"{"effort":"low"}"#),
      ("claude-opus-4-6", #","reasoning":{"max_tokens":2000}"#, #"{"budget_tokens":2000,"type":"enabled"}"#, nil),
      (
        "claude-opus-4-6", #","reasoning":{"effort":"xhigh"}"#, #"{"display":"summarized","type":"adaptive"}"#,
        #"{"effort":"high"}"#
      ),
      (
        "claude-sonnet-4-5", #","reasoning":{"effort":"high"},"max_tokens":10000"#,
        #"{"budget_tokens":8000,"type":"enabled"}"#, nil
      ),
      (
        "claude-sonnet-4-5", #","reasoning":{"effort":"low"},"max_tokens":2000"#,
        #"{"budget_tokens":1024,"type":"enabled"}"#, nil
      ),
      ("claude-3-haiku-20240307", #","reasoning":{"effort":"high"}"#, nil, nil),
    ] as [(String, String, String?, String?)])
  func asked(_ model: String, _ more: String, _ thinking: String?, _ output: String?) throws {
    let body = try messages(hello, more, MessagesPolicy(model: model))
    #expect(member("thinking", of: body) == thinking)
    #expect(member("output_config", of: body) == output)
  }

  @Test(
    "thinking that does not go with what else is asked keeps the request where it is",
    arguments: [
      (#","reasoning":{"effort":"high"},"max_tokens":1024"#, Untranslatable.samplingRefused),
      (#","reasoning":{"effort":"high"},"tool_choice":"required"\#(lookup)"#, .schemaNotExpressible),
      (#","reasoning":{"effort":"utmost"}"#, .samplingRefused),
    ])
  func refused(_ more: String, _ reason: Untranslatable) {
    #expect(throws: reason) { () throws(Untranslatable) in try messages(hello, more) }
  }

  @Test("signed thinking of somebody else's is no thinking of Anthropic's")
  func foreign() {
    let details =
      #","reasoning_details":[{"type":"reasoning.encrypted","data":"x","format":"openai-responses-v1"}]"#
    let chat = "\(hello),\(called("a", more: details)),\(result("a"))"
    #expect(throws: Untranslatable.thinkingUnsigned) { () throws(Untranslatable) in
      try messages(chat, lookup + #","reasoning":{"effort":"high"}"#, MessagesPolicy(model: "claude-opus-4-7"))
    }
  }

  @Test(
    "a model's name tells what it takes",
    arguments: [
      ("anthropic/claude-opus-4.7", 128_000, MessagesPolicy.Sampling.drops, false),
      ("claude-opus-4-7-20260416", 128_000, .drops, false), ("claude-mythos-preview", 128_000, .drops, false),
      ("claude-haiku-5-5", 128_000, .drops, false), ("us.anthropic.claude-sonnet-4-6-v1:0", 128_000, .takes, false),
      ("claude-opus-4-5", 64_000, .takes, true), ("claude-opus-4-1-20250805", 32_000, .takes, true),
      ("claude-opus-4-20250514", 32_000, .takes, true), ("claude-3-7-sonnet-20250219", 64_000, .takes, true),
      ("claude-3-5-haiku-20241022", 8192, .takes, true), ("claude-3-opus-20240229", 4096, .takes, true),
      ("deepseek-v4-pro", 8192, .takes, true),
    ])
  func models(_ name: String, _ maxTokens: Int, _ sampling: MessagesPolicy.Sampling, _ takesPrefill: Bool) {
    let policy = MessagesPolicy(model: name)
    #expect(policy.maxTokens == maxTokens)
    #expect(policy.sampling == sampling)
    #expect(policy.takesPrefill == takesPrefill)
  }
}
