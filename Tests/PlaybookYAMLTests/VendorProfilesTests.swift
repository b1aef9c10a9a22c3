/// The vendors' table holds together, and the playbook overrides it.

import RolloutJudge
import Testing

@testable import PlaybookYAML

@Suite struct VendorProfilesTests {
  @Test("names are unique, and other names lead to one of them") func names() {
    let names = VendorProfile.all.map(\.name)
    #expect(Set(names).count == names.count)
    for (other, name) in VendorProfile.otherNames {
      #expect(names.contains(name))
      #expect(!names.contains(other))
    }
    for name in VendorProfile.mediaOnly { #expect(!names.contains(name)) }
  }

  @Test("every base URL can be read, is https and has a path to append to", arguments: VendorProfile.all.map(\.name))
  func addresses(name: String) throws {
    guard let base = VendorProfile.named(name)?.baseURL else { return }
    let url = try #require(readURL(base).value)
    #expect(url.isTLS)
    #expect(!url.basePath.isEmpty)
    #expect(url.description == base)
  }

  @Test("every vendor can be a candidate", arguments: VendorProfile.all.map(\.name)) func candidates(name: String)
    throws
  {
    let url = VendorProfile.named(name)?.baseURL == nil ? "url: https://gateway.example.com/v1, " : ""
    let text = Sample.text(
      candidates: "[{ name: b, vendor: \(name), \(url)key: \"${KEY}\", models: { \"*\": \"@x/*\" } }]")
    let candidate = try Sample.playbook(text).candidates[0]
    #expect(candidate.vendor == name)
    #expect(Set(candidate.dropFields).count == candidate.dropFields.count)
    #expect(candidate.dropFields.contains("provider") == (name != "openrouter"))
  }

  @Test("fields that only OpenRouter knows are dropped everywhere else") func policies() {
    for profile in VendorProfile.all where profile.name != "openrouter" {
      #expect(Set(FieldPolicy.openRouterOnly).isSubset(of: profile.dropFields), "\(profile.name)")
      #expect(Set(profile.dropFields).isDisjoint(with: ["model", "messages", "input", "stream", "tools"]))
    }
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
}
