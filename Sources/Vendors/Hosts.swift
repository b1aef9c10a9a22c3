/// Hosts of open models.

import Dialects
import TrafficSplit

extension Vendor {
  static let hosts: [Vendor] = [
    Vendor(
      "together", "https://api.together.ai/v1", otherNames: ["together.ai", "togetherai", "together-ai"],
      keyVariable: "TOGETHER_API_KEY", absent: [.messages, .responses], images: "images/generations",
      fields: .openModels.with { $0.renames = FieldPolicy.maxTokens }, pictures: .togetherPictures,
      carries: Capability.text, models: .huggingFace, jobs: .togetherVideos,
      trust: Trust(address: .client, fields: .guess)),
    Vendor(
      "fireworks", "https://api.fireworks.ai/inference/v1", otherNames: ["fireworks.ai", "fireworks-ai"],
      keyVariable: "FIREWORKS_API_KEY", fields: .openModels.with { $0.effort = .reasoningEffort },
      carries: Capability.text, models: .fireworks,
      trust: Trust(address: .client, fields: .guess)),
    Vendor(
      "siliconflow", "https://api.siliconflow.cn/v1", otherNames: ["siliconflow.cn", "siliconflow.com", "silicon"],
      keyVariable: "SILICONFLOW_API_KEY", absent: [.messages, .responses],
      fields: .openModels.with {
        $0.renames = FieldPolicy.maxTokens
        $0.effort = .enableThinking
      },
      pictures: .siliconFlowPictures, carries: Capability.text, models: .huggingFace, trust: Trust(address: .seen),
      remark:
        "its pictures come in images, not in data, where no application looks that reads the others'; accounts outside China use url: https://api.siliconflow.com/v1"
    ),
    Vendor(
      "deepinfra", "https://api.deepinfra.com/v1/openai", otherNames: ["deepinfra.com"],
      keyVariable: "DEEPINFRA_API_KEY", absent: [.messages, .responses], images: "images/generations",
      fields: .openModels.with { $0.effort = .reasoningEffort },
      carries: Capability.text.subtracting([.boundToolChoice]), models: .huggingFace,
      trust: Trust(address: .client, fields: .adapter, cost: .guess),
      remark: "takes tool_choice auto and none only"),
    Vendor(
      "groq", "https://api.groq.com/openai/v1", otherNames: ["groq.com"], keyVariable: "GROQ_API_KEY",
      absent: [.messages, .completions],
      fields: .strict.with {
        $0.drop += ["logprobs", "top_logprobs", "logit_bias", "modalities", "audio", "suffix", "echo"]
        $0.byModel = [ModelFields(models: Glob("*gpt-oss*"), effort: .reasoningEffort)]
      },
      carries: [.boundToolChoice], trust: Trust(address: .client, fields: .documented),
      remark: "refuses unknown fields, also inside messages, logprobs, logit_bias and n over 1"),
  ]
}
