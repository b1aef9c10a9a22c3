/// Gateways in front of many vendors, run by oneself or by others.

import Dialects
import TrafficSplit

extension Vendor {
  static let gateways: [Vendor] = [
    Vendor(
      "openrouter", "https://openrouter.ai/api/v1", keyVariable: "OPENROUTER_API_KEY", images: "images",
      videos: "videos",
      fields: .openRouter, pictures: .openRouter, videoFields: .openRouter,
      carries: Set(Capability.allCases), cost: .usageCost, bill: .openRouter, trust: Trust(address: .documented)),
    Vendor(
      "litellm", nil, keyVariable: "LITELLM_API_KEY", images: "images/generations", videos: "videos",
      fields: .liteLLM, cost: .liteLLMHeader, models: .ownNames,
      trust: Trust(address: .tried, fields: .documented),
      remark: "streams report their cost only to requests with stream_options.include_usage, which Crossfade adds; "
        + "it retries inside, which looks more reliable and slower; without a database a wrong key is answered 400"),
    Vendor(
      "portkey", "https://api.portkey.ai/v1", otherNames: ["portkey.ai"],
      authentication: .header("x-portkey-api-key"), keyVariable: "PORTKEY_API_KEY", images: "images/generations",
      fields: .caching,
      trust: Trust(address: .client, fields: .guess),
      remark: "needs one routing header, such as headers: { x-portkey-provider: \"@slug\" }"),
    Vendor(
      "edenai", "https://api.edenai.run/v3", otherNames: ["eden", "edenai.run"], keyVariable: "EDENAI_API_KEY",
      images: "images/generations", videos: "videos",
      fields: .caching, cost: .cost, models: .vendorDash, trust: Trust(address: .documented, fields: .guess),
      remark:
        "caches identical requests by default, which makes it look fast and free; switch that off in its dashboard"),
    Vendor(
      "wavespeed", "https://llm.wavespeed.ai/v1", otherNames: ["wavespeedai", "wavespeed.ai"],
      keyVariable: "WAVESPEED_API_KEY", absent: [.messages, .embeddings, .responses], jobs: .wavespeed,
      trust: Trust(address: .documented, endpoints: .guess, fields: .guess)),
    Vendor(
      "fal", "https://fal.run/openrouter/router/openai/v1", otherNames: ["fal.ai", "fal-ai"],
      authentication: .scheme("Key"), keyVariable: "FAL_KEY", absent: [.messages, .completions], fields: .caching,
      jobs: .fal, trust: Trust(address: .documented, fields: .guess)),
    Vendor(
      "evolink", "https://direct.evolink.ai/v1", otherNames: ["evolink.ai"], keyVariable: "EVOLINK_API_KEY",
      absent: [.responses, .embeddings], carries: Capability.text, models: .bareDash,
      jobs: .evolink, trust: Trust(address: .documented, fields: .guess),
      remark: "its usage has further keys that are often 0; those of OpenAI's names count"),
    Vendor(
      "cometapi", "https://api.cometapi.com/v1", otherNames: ["comet", "cometapi.com"], keyVariable: "COMETAPI_KEY",
      absent: [.messages], images: "images/generations", models: .bareDash,
      trust: Trust(address: .client, endpoints: .adapter, fields: .guess)),
    Vendor(
      "tempo", "https://openrouter.mpp.tempo.xyz/v1", otherNames: ["tempo.xyz", "mpp"], keyVariable: nil,
      absent: [.messages, .responses, .embeddings, .completions], fields: .caching,
      trust: Trust(address: .documented, endpoints: .guess, fields: .guess),
      remark: "answers 402 until it is paid, and Crossfade holds no wallet: put a payer in front of it and say url: "
        + "with the payer's address"),
    Vendor(
      generic, nil,
      otherNames: ["openai_compatible", "generic", "vllm", "ollama", "llama.cpp", "llama-server", "sglang"],
      keyVariable: nil, images: "images/generations", videos: "videos", fields: .unknown,
      pictures: .unknownPictures, videoFields: .unknownVideos, trust: Trust(address: .guess)),
  ]

  /// Resellers, most of them One-API or New-API under another name.
  static let relays: [Vendor] = [
    Vendor(
      "dmxapi", "https://www.dmxapi.cn/v1", otherNames: ["dmxapi.cn", "dmxapi.com"], keyVariable: "DMXAPI_API_KEY",
      images: "images/generations", models: .bareDash, trust: Trust(address: .documented, key: .guess, fields: .guess),
      remark: "a key works on its own host only: www.dmxapi.cn, www.dmxapi.com or ssvip.dmxapi.com"),
    Vendor(
      "poloapi", "https://poloapi.top/v1", otherNames: ["poloapi.top", "n1n", "n1n.ai"],
      keyVariable: "POLOAPI_API_KEY", absent: [.messages, .responses], models: .bareDash,
      trust: Trust(address: .seen, key: .guess, endpoints: .guess, fields: .guess, cost: .guess),
      remark: "no documentation of it could be found; it is treated as a New-API relay"),
    Vendor(
      "newapi", nil, otherNames: ["new-api", "one-hub", "relay"], keyVariable: "NEWAPI_API_KEY",
      images: "images/generations", models: .ownNames,
      trust: Trust(address: .documented, fields: .guess)),
    Vendor(
      "oneapi", nil, otherNames: ["one-api"], keyVariable: "ONEAPI_API_KEY", absent: [.messages, .responses],
      models: .ownNames, trust: Trust(address: .documented, fields: .guess)),
    Vendor(
      "mixapi", nil, otherNames: ["mix-api"], keyVariable: "MIXAPI_API_KEY", absent: [.messages, .responses],
      models: .ownNames, trust: Trust(address: .guess),
      remark: "no documentation of it could be found; it is treated as a One-API relay"),
  ]

  /// Vendors of pictures and videos by jobs.
  static let media: [Vendor] = [
    Vendor(
      "replicate", "https://api.replicate.com/v1", otherNames: ["replicate.com"], keyVariable: "REPLICATE_API_TOKEN",
      answersText: false, models: .table, jobs: .replicate, trust: Trust(address: .client)),
    Vendor(
      "grsai", "https://grsaiapi.com/v1", otherNames: ["grsai.com", "grsaiapi.com"], keyVariable: "GRSAI_API_KEY",
      answersText: false, models: .table, jobs: .grsai, trust: Trust(address: .seen)),
  ]
}
