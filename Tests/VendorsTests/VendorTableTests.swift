/// The vendors' table holds together.

import Dialects
import Testing
import TrafficSplit

@testable import Vendors

@Suite struct VendorTableTests {
  @Test("every name leads to one vendor, whatever its case") func names() {
    let names = Vendor.all.flatMap { [$0.name] + $0.otherNames }
    #expect(Set(names).count == names.count)
    for name in names { #expect(name == name.lowercased()) }
    for vendor in Vendor.all {
      for name in [vendor.name] + vendor.otherNames {
        #expect(Vendor.named(name)?.name == vendor.name)
        #expect(Vendor.named(name.uppercased())?.name == vendor.name)
      }
    }
  }

  @Test(
    "the names that people write are known",
    arguments: [
      ("kimi", "moonshot"), ("glm", "zai"), ("poloapi.top", "poloapi"), ("n1n.ai", "poloapi"), ("fal.ai", "fal"),
      ("together.ai", "together"), ("z.ai", "zai"), ("mixapi", "mixapi"), ("tempo", "tempo"), ("grok", "xai"),
      ("New-API", "newapi"), ("dashscope", "qwen"), ("claude", "anthropic"), ("google", "gemini"),
    ])
  func written(_ name: String, vendor: String) { #expect(Vendor.named(name)?.name == vendor) }

  @Test("fields that only OpenRouter knows are cut everywhere else, and none without which no request makes sense")
  func fields() {
    for vendor in Vendor.all where vendor.name != "openrouter" {
      let fields = vendor.fields
      #expect(Set(FieldPolicy.openRouterOnly).isSubset(of: fields.drop), "\(vendor.name)")
      #expect(Set(fields.drop).isDisjoint(with: ["model", "messages", "input", "stream", "tools"]))
      if let only = fields.only { #expect(Set(["model", "messages", "stream", "tools"]).isSubset(of: only)) }
    }
  }

  @Test(
    "a description says of every vendor where it is, what is cut, and how sure that is",
    arguments: Vendor.all.map(\.name))
  func descriptions(_ name: String) throws {
    let vendor = try #require(Vendor.named(name))
    let description = VendorDescription(vendor)
    #expect(description.trust.count == 5)
    #expect(description.lines.last?.hasPrefix("  how sure: address ") == true)
    #expect(description.isArm)
    let makers = ["replicate", "fal", "wavespeed", "evolink", "grsai", "together", "zai", "qwen"]
    #expect((description.jobs != nil) == makers.contains(name))
    #expect(!description.lines.contains { $0.hasSuffix(": ") }, "nothing is said of nothing")
    #expect(description.endpoints.count == Endpoint.allCases.count)
  }

  @Test("a gateway that nothing is known about gets a chat's messages as they are") func generic() throws {
    #expect(try #require(Vendor.named("vllm")).fields.messages.changesNothing)
    #expect(try !#require(Vendor.named("groq")).fields.messages.changesNothing)
  }

  @Test("Groq's description, word by word") func groq() throws {
    let lines = VendorDescription(try #require(Vendor.named("groq"))).lines
    #expect(
      lines == [
        "groq, also groq.com", "  address: https://api.groq.com/openai/v1",
        "  key: Authorization: Bearer KEY, usually in GROQ_API_KEY",
        "  endpoints: chat/completions native, completions absent, responses native, messages absent, embeddings native, "
          + "images absent, videos absent",
        "  models: the same id", "  cost: not in its answers: tokens times the playbook's prices",
        "  of a chat's fields it is sent only: model, messages, prompt, input, stream, stream_options, tools, "
          + "tool_choice, parallel_tool_calls, functions, function_call, temperature, top_p, n, stop, seed, max_tokens, "
          + "max_completion_tokens, presence_penalty, frequency_penalty, response_format, reasoning_effort, user, "
          + "dimensions, encoding_format",
        "  in messages: only role, content, tool_calls, tool_call_id; without cache_control",
        "  models: *gpt-oss*: reasoning as reasoning_effort",
        "  stays on the baseline: privacy_demand, server_tools, stored_state, web_plugin, model_variant, fallback_list, "
          + "content_part, several_choices, logprobs, schema_not_expressible",
        "  know: refuses unknown fields, also inside messages, logprobs, logit_bias and n over 1",
        "  how sure: address client, key client, endpoints client, fields documented, cost client",
      ])
  }

  @Test("what makes pictures alone is described by its jobs, and nothing is said of chats") func replicate() throws {
    let lines = VendorDescription(try #require(Vendor.named("replicate"))).lines
    #expect(
      lines == [
        "replicate, also replicate.com", "  address: https://api.replicate.com/v1",
        "  key: Authorization: Bearer KEY, usually in REPLICATE_API_TOKEN",
        "  by jobs: pictures and videos, at https://api.replicate.com/v1",
        "  a job for pictures: POST /v1/models/{model}/predictions, inside input: prompt, image_input, aspect_ratio, "
          + "resolution, num_outputs, seed, output_format",
        "  is asked after: GET the answer's urls.get, else /v1/predictions/{id}; its state is status, its files output",
        "  is called off: POST the answer's urls.cancel, else /v1/predictions/{id}/cancel",
        "  costs: the seconds of metrics.predict_time, by the playbook's per_image, per_megapixel, per_second",
        "  has no words for: a conversation, a size of no usual ratio",
        "  a job for videos: POST /v1/models/{model}/predictions, inside input: prompt, image, aspect_ratio, "
          + "resolution, num_outputs, duration, seed",
        "  is asked after: GET the answer's urls.get, else /v1/predictions/{id}; its state is status, its files output",
        "  is called off: POST the answer's urls.cancel, else /v1/predictions/{id}/cancel",
        "  costs: the seconds of metrics.predict_time, by the playbook's per_second",
        "  has no words for: a size of no usual ratio",
        "  endpoints: chat/completions pictures by a job, completions absent, responses absent, messages absent, "
          + "embeddings absent, images by a job, videos by a job",
        "  models: names of its own: see its catalogue",
        "  stays on the baseline: privacy_demand, server_tools, stored_state, web_plugin, model_variant, fallback_list",
        "  how sure: address client, key client, endpoints client, fields client, cost client",
      ])
  }
}
