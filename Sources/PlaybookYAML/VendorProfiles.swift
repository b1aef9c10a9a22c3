/// The vendors Crossfade knows by name. Adding one is adding a row here; model names and prices rot and are not kept.

import Dialects
import RolloutJudge
import TrafficSplit

extension VendorProfile {
  package static func named(_ name: String) -> VendorProfile? { all.first { $0.name == name } }

  /// A gateway without a row of its own.
  package static let generic = "openai-compatible"

  package static let all: [VendorProfile] = gateways + hosts + labs

  private static let gateways: [VendorProfile] = [
    VendorProfile(
      "openrouter", "https://openrouter.ai/api/v1", keyVariable: "OPENROUTER_API_KEY", dropFields: [],
      reportsCost: true,
      carries: Set(Capability.allCases)),
    VendorProfile(
      "litellm", nil, keyVariable: "LITELLM_API_KEY", dropFields: FieldPolicy.lenient, reportsCost: true,
      remark: "streams report their cost only to requests with stream_options.include_usage"),
    VendorProfile(
      "portkey", "https://api.portkey.ai/v1", authentication: .header("x-portkey-api-key"),
      keyVariable: "PORTKEY_API_KEY", dropFields: FieldPolicy.lenient,
      remark: "needs one routing header, such as headers: { x-portkey-provider: \"@slug\" }"),
    VendorProfile(
      "edenai", "https://api.edenai.run/v3", keyVariable: "EDENAI_API_KEY", dropFields: FieldPolicy.lenient,
      reportsCost: true,
      remark:
        "caches identical requests by default, which makes it look fast and free; switch that off in its dashboard"),
    VendorProfile(
      "wavespeed", "https://llm.wavespeed.ai/v1", keyVariable: "WAVESPEED_API_KEY", dropFields: FieldPolicy.lenient,
      absent: [.messages]),
    VendorProfile(
      "fal", "https://fal.run/openrouter/router/openai/v1", authentication: .scheme("Key"), keyVariable: "FAL_KEY",
      dropFields: FieldPolicy.lenient, absent: [.messages]),
    VendorProfile(
      "evolink", "https://direct.evolink.ai/v1", keyVariable: "EVOLINK_API_KEY", dropFields: FieldPolicy.lenient),
    VendorProfile(
      "cometapi", "https://api.cometapi.com/v1", keyVariable: "COMETAPI_KEY", dropFields: FieldPolicy.lenient,
      absent: [.messages]),
    VendorProfile(
      "dmxapi", "https://www.dmxapi.cn/v1", keyVariable: "DMXAPI_API_KEY", dropFields: FieldPolicy.lenient,
      remark: "a key works on its own host only: www.dmxapi.cn, www.dmxapi.com or ssvip.dmxapi.com"),
    VendorProfile("newapi", nil, keyVariable: "NEWAPI_API_KEY", dropFields: FieldPolicy.lenient),
    VendorProfile(
      "oneapi", nil, keyVariable: "ONEAPI_API_KEY", dropFields: FieldPolicy.lenient, absent: [.messages, .responses]),
    VendorProfile(generic, nil, keyVariable: nil, dropFields: FieldPolicy.lenient),
  ]

  private static let hosts: [VendorProfile] = [
    VendorProfile(
      "together", "https://api.together.ai/v1", keyVariable: "TOGETHER_API_KEY", dropFields: FieldPolicy.openModels,
      absent: [.messages]),
    VendorProfile(
      "fireworks", "https://api.fireworks.ai/inference/v1", keyVariable: "FIREWORKS_API_KEY",
      dropFields: FieldPolicy.openModels),
    VendorProfile(
      "siliconflow", "https://api.siliconflow.cn/v1", keyVariable: "SILICONFLOW_API_KEY",
      dropFields: FieldPolicy.openModels, absent: [.messages, .responses],
      remark: "accounts outside China use url: https://api.siliconflow.com/v1"),
    VendorProfile(
      "deepinfra", "https://api.deepinfra.com/v1/openai", keyVariable: "DEEPINFRA_API_KEY",
      dropFields: FieldPolicy.openModels, absent: [.messages],
      remark: "takes tool_choice auto and none only"),
    VendorProfile(
      "groq", "https://api.groq.com/openai/v1", keyVariable: "GROQ_API_KEY", dropFields: FieldPolicy.lenient,
      carries: [], absent: [.messages],
      remark: "refuses unknown fields, also inside messages (name, reasoning), logprobs, logit_bias and n over 1"),
  ]

  private static let labs: [VendorProfile] = [
    VendorProfile(
      "anthropic", "https://api.anthropic.com/v1", authentication: .header("x-api-key"),
      keyVariable: "ANTHROPIC_API_KEY", headers: [("anthropic-version", "2023-06-01")],
      dropFields: FieldPolicy.anthropic, absent: [.responses, .completions, .embeddings],
      remark: "compare POST messages only: its chat/completions is meant for testing and ignores many fields; "
        + "claude-opus-4-7 and newer refuse temperature, top_p and top_k: drop those where the application sends them"
    ),
    VendorProfile(
      "openai", "https://api.openai.com/v1", keyVariable: "OPENAI_API_KEY", dropFields: FieldPolicy.openAI,
      carries: Capability.usual.union([.audio, .files]), absent: [.messages],
      remark: "reasoning is dropped because chat/completions refuses it; for traffic to responses say "
        + "fields: { keep: [reasoning] }"),
    VendorProfile(
      "gemini", "https://generativelanguage.googleapis.com/v1beta/openai", keyVariable: "GEMINI_API_KEY",
      dropFields: FieldPolicy.lenient + ["seed"], absent: [.messages, .responses], remark: "refuses unknown fields"),
    VendorProfile(
      "deepseek", "https://api.deepseek.com/v1", keyVariable: "DEEPSEEK_API_KEY", dropFields: FieldPolicy.lenient,
      absent: [.messages, .responses, .embeddings]),
    VendorProfile(
      "moonshot", "https://api.moonshot.ai/v1", keyVariable: "MOONSHOT_API_KEY", dropFields: FieldPolicy.lenient,
      absent: [.messages, .responses, .embeddings],
      remark:
        "its reasoning models refuse a temperature other than 1; keys from China use url: https://api.moonshot.cn/v1"),
    VendorProfile(
      "mistral", "https://api.mistral.ai/v1", keyVariable: "MISTRAL_API_KEY",
      dropFields: FieldPolicy.lenient + ["seed", "reasoning_effort"], carries: [.logprobs],
      absent: [.messages, .responses],
      remark:
        "refuses max_completion_tokens, n and message names; seed is dropped because it is called random_seed there"),
    VendorProfile(
      "xai", "https://api.x.ai/v1", keyVariable: "XAI_API_KEY", dropFields: FieldPolicy.lenient, reportsCost: true,
      absent: [.messages, .embeddings],
      remark: "its reasoning models refuse stop, frequency_penalty and presence_penalty"),
    VendorProfile(
      "zai", "https://api.z.ai/api/paas/v4", keyVariable: "ZAI_API_KEY", dropFields: FieldPolicy.lenient,
      absent: [.messages, .responses],
      remark: "keys from China use url: https://open.bigmodel.cn/api/paas/v4"),
    VendorProfile(
      "minimax", "https://api.minimax.io/v1", keyVariable: "MINIMAX_API_KEY", dropFields: FieldPolicy.lenient,
      absent: [.messages],
      remark: "keys from China use url: https://api.minimaxi.com/v1"),
    VendorProfile(
      "qwen", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", keyVariable: "DASHSCOPE_API_KEY",
      dropFields: FieldPolicy.lenient, absent: [.messages],
      remark: "a key is bound to its region; China uses url: https://dashscope.aliyuncs.com/compatible-mode/v1"),
  ]

  /// Other names people know a vendor by.
  static let otherNames = [
    "google": "gemini", "dashscope": "qwen", "alibaba": "qwen", "kimi": "moonshot", "moonshotai": "moonshot",
    "x-ai": "xai", "grok": "xai", "z-ai": "zai", "zhipu": "zai", "glm": "zai", "claude": "anthropic",
    "new-api": "newapi", "one-api": "oneapi", "mixapi": "oneapi", "poloapi": "newapi", "n1n": "newapi", "fal.ai": "fal",
    "together.ai": "together", "eden": "edenai", "comet": "cometapi", "relay": generic, "vllm": generic,
    "ollama": generic, "llama.cpp": generic,
  ]

  /// Vendors that have no endpoint such a request could go to.
  static let mediaOnly = ["replicate", "grsai"]
}
