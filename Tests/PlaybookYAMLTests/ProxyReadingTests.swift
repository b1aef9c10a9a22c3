/// Which proxy an arm is reached through, by its own words and by the environment's.

import RolloutJudge
import Testing

@testable import PlaybookYAML

@Suite struct ProxyReadingTests {
  private static func proxy(_ text: String, _ environment: [String: String] = [:]) throws -> ArmProxy? {
    let text = Sample.text(
      candidates: "[{ name: b, vendor: together, key: k, proxy: \"\(text)\", models: { \"*\": \"*\" } }]")
    return try Sample.playbook(text, environment).candidates[0].proxy
  }

  @Test("a proxy is a URL with a port, its credentials percent-encoded") func written() throws {
    #expect(try Self.proxy("http://10.1.2.3:3128") == ArmProxy(host: "10.1.2.3", port: 3128))
    #expect(try Self.proxy("proxy.corp:8080/") == ArmProxy(host: "proxy.corp", port: 8080))
    #expect(
      try Self.proxy("http://u:p%40ss@proxy:8080")
        == ArmProxy(host: "proxy", port: 8080, credentials: Secret("u:p@ss")))
    #expect(try Self.proxy("${HTTPS_PROXY:-}") == nil)
    #expect(try Self.proxy("${HTTPS_PROXY:-}", ["HTTPS_PROXY": "http://e:1"])?.authority == "e:1")
  }

  @Test(
    "what is no proxy of ours is refused, and not shown",
    arguments: ["https://proxy:1", "socks5://proxy:1", "http://proxy", "http://u:%zz@proxy:1", "http://a b:1"])
  func refused(_ text: String) {
    let reading = Sample.read(
      Sample.text(candidates: "[{ name: b, vendor: together, key: k, proxy: \"\(text)\", models: { \"*\": \"*\" } }]"))
    #expect(reading.errors.map(\.path) == ["candidates[0].proxy"])
    #expect(!reading.errors.contains { $0.description.contains("%zz") })
  }

  @Test(
    "the environment's word is for what it is not excepted from",
    arguments: [
      ("", true), ("other.example", true), ("api.together.ai", false), ("together.ai", false),
      (".together.ai", false), ("ai", false), ("gether.ai", true), ("*", false), ("api.together.ai:443", false),
      ("api.together.ai:80", true), ("a.b, together.ai", false), ("10.0.0.0/8", true),
    ])
  func excepted(_ list: String, _ isUsed: Bool) throws {
    let environment = ["HTTPS_PROXY": "http://e:1", "NO_PROXY": list]
    #expect((try Self.proxy("environment", environment) != nil) == isUsed)
  }

  @Test("ranges of addresses are excepted, and this machine always is") func ranges() {
    func isUsed(_ host: String, _ list: String = "10.0.0.0/8,192.168.1.7") -> Bool {
      let url = ArmURL(isTLS: true, host: host, port: 443, basePath: "")
      return EnvironmentProxies(environment: ["https_proxy": "http://e:1", "no_proxy": list]).proxy(for: url) != nil
    }
    #expect(!isUsed("10.9.8.7"))
    #expect(!isUsed("192.168.1.7"))
    #expect(isUsed("192.168.1.8"))
    #expect(isUsed("11.0.0.1"))
    #expect(!isUsed("127.0.0.1", ""))
    #expect(!isUsed("localhost", ""))
  }
}
