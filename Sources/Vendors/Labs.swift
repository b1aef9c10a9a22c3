/// Labs' own interfaces.

import Dialects
import TrafficSplit

extension Vendor {
  static let labs: [Vendor] = [
    Vendor(
      "anthropic", "https://api.anthropic.com/v1", otherNames: ["claude", "anthropic.com"],
      authentication: .header("x-api-key"), keyVariable: "ANTHROPIC_API_KEY",
      headers: [("anthropic-version", "2023-06-01")], routes: [.chatCompletions: .translated(to: .messages)],
      absent: [.responses, .completions, .embeddings], fields: .anthropic, carries: Capability.text, models: .bareDash,
      trust: Trust(address: .client, fields: .documented),
      remark:
        "chats are said to it as messages; its own chat/completions is meant for testing: routes: { chat: native }"
    ),
    Vendor(
      "openai", "https://api.openai.com/v1", otherNames: ["openai.com", "chatgpt"], keyVariable: "OPENAI_API_KEY",
      absent: [.messages], images: "images/generations", videos: "videos", fields: .openAI,
      carries: Capability.text.union([.audio, .files]), models: .bare,
      trust: Trust(address: .client)),
    Vendor(
      "gemini", "https://generativelanguage.googleapis.com/v1beta/openai", otherNames: ["google", "google-ai-studio"],
      keyVariable: "GEMINI_API_KEY", absent: [.messages, .responses, .completions], images: "images/generations",
      fields: .strict.with {
        $0.drop += ["seed", "logit_bias"]
        $0.effort = .reasoningEffort
      },
      pictures: .pictures(only: ["response_format"]), carries: Capability.text.subtracting([.pictureSizes]),
      models: .bare, trust: Trust(address: .documented), remark: "refuses unknown fields"),
    Vendor(
      "deepseek", "https://api.deepseek.com/v1", otherNames: ["deepseek.com"], keyVariable: "DEEPSEEK_API_KEY",
      absent: [.messages, .responses, .embeddings],
      fields: .lenient.with {
        $0.renames = FieldPolicy.maxTokens
        $0.effort = .thinking
        $0.messages = thinkingAloud
      },
      carries: Capability.text, models: .bare, trust: Trust(address: .documented)),
    Vendor(
      "moonshot", "https://api.moonshot.ai/v1", otherNames: ["kimi", "moonshotai", "moonshot.ai", "moonshot.cn"],
      keyVariable: "MOONSHOT_API_KEY", absent: [.messages, .responses, .embeddings, .completions],
      fields: .lenient.with {
        $0.messages = thinkingAloud
        $0.byModel = ["kimi-k2.5*", "kimi-k2.6*", "kimi-k3*", "*thinking*"].map {
          ModelFields(models: Glob($0), drop: FieldPolicy.sampling)
        }
      },
      carries: Capability.text.subtracting([.boundToolChoice]), models: .bare,
      trust: Trust(address: .adapter),
      remark: "keys from China use url: https://api.moonshot.cn/v1"),
    Vendor(
      "mistral", "https://api.mistral.ai/v1", otherNames: ["mistralai", "mistral.ai"], keyVariable: "MISTRAL_API_KEY",
      absent: [.messages, .responses, .completions],
      fields: .strict.with {
        $0.drop += [
          "reasoning_effort", "n", "logit_bias", "logprobs", "top_logprobs", "functions", "function_call", "modalities",
          "audio", "suffix", "echo",
        ]
        $0.renames = FieldPolicy.maxTokens + [FieldRename(from: "seed", to: "random_seed")]
        $0.values = [ValueRename("tool_choice", "required", to: "any")]
      },
      carries: [.boundToolChoice, .schemaWithTools], models: .bare, trust: Trust(address: .client),
      remark: "refuses unknown fields, also inside messages"),
    Vendor(
      "xai", "https://api.x.ai/v1", otherNames: ["x-ai", "x.ai", "grok"], keyVariable: "XAI_API_KEY",
      absent: [.messages, .embeddings], images: "images/generations",
      fields: .lenient.with {
        $0.effort = .reasoningEffort
        $0.messages.drop += ["name"]
        $0.byModel = ["grok-3-mini*", "grok-4*", "grok-code*"].map {
          ModelFields(models: Glob($0), drop: ["stop", "frequency_penalty", "presence_penalty"])
        }
      },
      pictures: .pictures(only: ["response_format"]), carries: Capability.text.subtracting([.pictureSizes]),
      cost: .ticks, models: .bare,
      trust: Trust(address: .client, fields: .adapter, cost: .adapter)),
    Vendor(
      "zai", "https://api.z.ai/api/paas/v4", otherNames: ["z-ai", "z.ai", "zhipu", "zhipuai", "glm", "bigmodel"],
      keyVariable: "ZAI_API_KEY", absent: [.messages, .responses, .completions], images: "images/generations",
      fields: .lenient.with {
        $0.only = [
          "model", "messages", "input", "dimensions", "encoding_format", "stream", "stream_options", "max_tokens",
          "response_format", "temperature", "top_p", "stop", "tools", "tool_choice", "thinking",
        ]
        $0.renames = FieldPolicy.maxTokens
        $0.effort = .thinking
      },
      pictures: .pictures(only: ["quality"], form: .size),
      carries: [.boundToolChoice, .schemaWithTools, .pictureSizes], models: .bare, jobs: .zaiVideos,
      trust: Trust(address: .client, fields: .adapter),
      remark: "keys from China use url: https://open.bigmodel.cn/api/paas/v4"),
    Vendor(
      "minimax", "https://api.minimax.io/v1", otherNames: ["minimaxi", "minimax.io"], keyVariable: "MINIMAX_API_KEY",
      absent: [.messages, .responses, .completions, .embeddings],
      fields: .lenient.with { $0.renames = FieldPolicy.maxTokens }, carries: Capability.text, models: .bare,
      trust: Trust(address: .adapter, fields: .guess),
      remark: "keys from China use url: https://api.minimaxi.com/v1"),
    Vendor(
      "qwen", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", otherNames: ["dashscope", "alibaba", "aliyun"],
      keyVariable: "DASHSCOPE_API_KEY", absent: [.messages, .responses],
      fields: .lenient.with { $0.renames = FieldPolicy.maxTokens }, carries: Capability.text, models: .bare,
      jobs: .dashscopeVideos, trust: Trust(address: .client, fields: .guess),
      remark:
        "the path of its videos is a guess; a key is bound to its region; China uses url: https://dashscope.aliyuncs.com/compatible-mode/v1"
    ),
  ]

  /// Labs whose models need what they thought before a tool's answer, under their own name for it.
  private static let thinkingAloud = MessagePolicy(
    drop: ["reasoning_details", "images", "annotations", "refusal"],
    renames: [FieldRename(from: "reasoning", to: "reasoning_content")], keepsCacheControl: false)
}
