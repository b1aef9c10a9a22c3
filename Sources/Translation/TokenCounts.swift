/// The tokens that an answer says it took, read in one dialect and written in the other.

import Dialects

/// Cached tokens are counted once: Anthropic's `input_tokens` leave them out, a chat's `prompt_tokens` hold them. Of
/// counts that come more than once the last one holds, but a zero undoes nothing.
struct TokenCounts: Equatable {
  /// Without what the cache has read or written.
  private(set) var input: Int?
  private(set) var output: Int?
  private(set) var cacheRead: Int?
  private(set) var cacheWrite: Int?
  private(set) var reasoning: Int?

  /// - Parameter usage: Anthropic's; of a stream, cumulative.
  mutating func absorb(messages usage: JSONSlice?) {
    guard let usage else { return }
    Self.merge(usage["input_tokens"], into: &input)
    Self.merge(usage["output_tokens"], into: &output)
    Self.merge(usage["cache_read_input_tokens"], into: &cacheRead)
    Self.merge(usage["cache_creation_input_tokens"], into: &cacheWrite)
    Self.merge(usage["output_tokens_details"]?["thinking_tokens"], into: &reasoning)
  }

  /// - Parameter usage: a chat's; the last of several that say something counts.
  mutating func absorb(chat usage: JSONSlice?) {
    guard let usage, usage.kind == .object else { return }
    let details = usage["prompt_tokens_details"]
    Self.merge(
      details?["cached_tokens"] ?? usage["prompt_cache_hit_tokens"] ?? usage["cached_tokens"], into: &cacheRead)
    Self.merge(details?["cache_write_tokens"] ?? usage["cache_creation_input_tokens"], into: &cacheWrite)
    Self.merge(usage["completion_tokens"], into: &output)
    Self.merge(usage["completion_tokens_details"]?["reasoning_tokens"], into: &reasoning)
    guard let prompt = usage["prompt_tokens"]?.integer, prompt > 0 || input == nil else { return }
    let cached = Self.sum(cacheRead ?? 0, cacheWrite ?? 0)
    input = prompt >= cached ? prompt - cached : 0
  }

  private static func merge(_ value: JSONSlice?, into count: inout Int?) {
    guard let later = value?.integer, later >= 0, later != 0 || count == nil else { return }
    count = later
  }

  private static func sum(_ a: Int, _ b: Int) -> Int {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : sum
  }

  /// Nil where nothing was counted.
  var chat: [UInt8]? {
    guard input != nil || output != nil else { return nil }
    let prompt = Self.sum(Self.sum(input ?? 0, cacheRead ?? 0), cacheWrite ?? 0)
    let completion = output ?? 0
    var out: [UInt8] = []
    out.write(#"{"prompt_tokens":"#)
    out.write(prompt)
    out.write(#","completion_tokens":"#)
    out.write(completion)
    out.write(#","total_tokens":"#)
    out.write(Self.sum(prompt, completion))
    out.write(#","prompt_tokens_details":{"cached_tokens":"#)
    out.write(cacheRead ?? 0)
    out.write(#","cache_write_tokens":"#)
    out.write(cacheWrite ?? 0)
    out.write("}")
    if let reasoning {
      out.write(#","completion_tokens_details":{"reasoning_tokens":"#)
      out.write(reasoning)
      out.write("}")
    }
    out.write("}")
    return out
  }

  /// With zeros for what was not counted, since a message has to say them.
  var messages: [UInt8] {
    var out: [UInt8] = []
    out.write(#"{"input_tokens":"#)
    out.write(input ?? 0)
    out.write(#","cache_creation_input_tokens":"#)
    out.write(cacheWrite ?? 0)
    out.write(#","cache_read_input_tokens":"#)
    out.write(cacheRead ?? 0)
    out.write(#","output_tokens":"#)
    out.write(output ?? 0)
    if let reasoning {
      out.write(#","output_tokens_details":{"thinking_tokens":"#)
      out.write(reasoning)
      out.write("}")
    }
    out.write("}")
    return out
  }
}
