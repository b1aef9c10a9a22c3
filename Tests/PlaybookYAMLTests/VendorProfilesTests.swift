/// The vendors' table holds together, and the playbook overrides it.

import Dialects
import RolloutJudge
import Testing
import Vendors

@testable import PlaybookYAML

private let textVendors = Vendor.all.filter(\.answersText).map(\.name)

@Suite struct VendorProfilesTests {
  @Test("every base URL can be read, is https and has a path to append to", arguments: textVendors)
  func addresses(name: String) throws {
    guard let base = Vendor.named(name)?.baseURL else { return }
    let url = try #require(readURL(base).value)
    #expect(url.isTLS)
    #expect(!url.basePath.isEmpty)
    #expect(url.description == base)
  }

  @Test("every vendor can be a candidate", arguments: textVendors) func candidates(name: String)
    throws
  {
    let url = Vendor.named(name)?.baseURL == nil ? "url: https://gateway.example.com/v1, " : ""
    let text = Sample.text(
      candidates: "[{ name: b, vendor: \(name), \(url)key: \"${KEY}\", models: { \"*\": \"@x/*\" } }]")
    let candidate = try Sample.playbook(text).candidates[0]
    #expect(candidate.vendor == name)
    #expect(Set(candidate.dropFields).count == candidate.dropFields.count)
    #expect(candidate.dropFields.contains("provider") == (name != "openrouter"))
  }

  @Test("authentication follows the profile") func authentication() throws {
    func arm(_ vendor: String) throws -> Arm {
      let models = "models: { \"*\": \"@a/*\" }"
      return try Sample.playbook(
        Sample.text(candidates: "[{ name: b, vendor: \(vendor), key: \"${KEY}\", \(models) }]")
      ).candidates[0]
    }
    #expect(try arm("together").authentication == .bearer)
    #expect(try arm("portkey").authentication == .header("x-portkey-api-key"))
    #expect(try arm("fal").authentication == .scheme("Key"))
    let anthropic = try arm("anthropic")
    #expect(anthropic.authentication == .header("x-api-key"))
    #expect(anthropic.url.description == "https://api.anthropic.com/v1")
    #expect(anthropic.headers == [Arm.Header(name: "anthropic-version", value: Secret("2023-06-01"))])
  }

  @Test("the playbook's url, headers and fields stand in place of the profile's") func overrides() throws {
    let candidate = try Sample.playbook(
      Sample.text(
        candidates: """
          [{ name: b, vendor: anthropic, url: "https://eu.example.com/v1", key: "${KEY}", models: { "*": "*" },
             headers: { Anthropic-Version: "2026-10-21", x-extra: "1" },
             fields: { drop: [temperature], keep: [provider, reasoning] } }]
          """)
    ).candidates[0]
    #expect(candidate.url.host == "eu.example.com")
    #expect(candidate.headers.map(\.name) == ["Anthropic-Version", "x-extra"])
    #expect(candidate.dropFields.contains("temperature"))
    #expect(!candidate.dropFields.contains("provider"))
    #expect(!candidate.dropFields.contains("reasoning"))
    #expect(candidate.dropFields.contains("route"))
  }

  @Test("a vendor goes by any name that people write") func otherNames() throws {
    let text = Sample.text(
      candidates: "[{ name: b, vendor: Z.ai, key: \"${KEY}\", models: { \"*\": \"*\" } }]")
    #expect(try Sample.playbook(text).candidates[0].vendor == "zai")
  }

  @Test("what the playbook says of a field goes before what the vendor's row says") func fieldOverrides() throws {
    func outgoing(_ fields: String) throws -> OutgoingPolicy {
      let text = Sample.text(
        candidates: "[{ name: b, vendor: mistral, key: \"${KEY}\", models: { \"*\": \"*\" }, fields: \(fields) }]")
      return try Sample.playbook(text).candidates[0].outgoing
    }
    let plain = try outgoing("{}")
    #expect(plain.vendor.renames.map(\.to) == ["max_tokens", "random_seed"] && plain.vendor.values.count == 1)
    #expect(try outgoing("{ drop: [seed] }").vendor.renames.map(\.to) == ["max_tokens"])
    #expect(try outgoing("{ keep: [tool_choice] }").vendor.values.isEmpty)
    #expect(!plain.vendor.messages.keepsCacheControl)
    #expect(try outgoing("{ keep: [cache_control] }").vendor.messages.keepsCacheControl)
    #expect(plain.chatOnlyDrops.contains("top_k") && !plain.chatOnlyDrops.contains("provider"))
  }
}
