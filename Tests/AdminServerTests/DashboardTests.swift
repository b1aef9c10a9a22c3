import HTTPTypes
import Testing

@testable import AdminServer

@Suite("Dashboard")
struct DashboardTests {
  private let page = String(decoding: Dashboard.answer(nonce: "n0").body, as: UTF8.self)

  @Test("The page runs its own style and script only, and each answer has a nonce of its own")
  func contentSecurityPolicy() async throws {
    let caller = try Caller()
    let (one, two) = (try await caller.send(.get, "/"), try await caller.send(.get, "/"))
    let policy = try #require(one["Content-Security-Policy"])
    #expect(policy != two["Content-Security-Policy"])
    let nonce = try #require(policy.firstMatch(of: #/script-src 'nonce-([0-9a-f]{16,32})'/#)?.output.1)
    #expect(policy == Dashboard.contentSecurityPolicy(nonce: String(nonce)))
    #expect(one.body.contains("<script nonce=\"\(nonce)\">"))
    #expect(one.body.contains("<style nonce=\"\(nonce)\">"))
    #expect(one["Content-Type"] == "text/html; charset=utf-8")
  }

  @Test("The page fetches nothing from elsewhere and sets nothing as markup")
  func selfContained() {
    for part in [
      "http://", "https://", "//cdn", "@import", "url(", "innerHTML", "outerHTML", "insertAdjacentHTML",
      "document.write", "eval(", " style=\"", " onclick", "localStorage", "?token",
    ] {
      #expect(!page.contains(part), "\(part)")
    }
    #expect(page.ranges(of: "<script").count == 1)
    #expect(page.ranges(of: "<link").count == 1)
  }

  @Test("The page holds no data: it is the same whatever the rollout's state is")
  func empty() {
    #expect(!page.contains("openrouter"))
    #expect(!page.contains("litellm"))
  }

  @Test("Every element that the script looks for is in the page")
  func elements() {
    let wanted = Set(page.matches(of: #/find\("([a-z-]+)"\)/#).map(\.output.1))
    let present = Set(page.matches(of: #/ id="([a-z-]+)"/#).map(\.output.1))
    #expect(wanted.count > 20)
    #expect(wanted.isSubset(of: present), "\(wanted.subtracting(present))")
  }

  @Test("There is a button for each command, and each has its question")
  func commands() {
    for command in ["pause", "resume", "promote", "rollback", "rearm"] {
      #expect(page.contains("data-command=\"\(command)\""))
      #expect(
        Dashboard.steerScript.contains("      \(command): [") || Dashboard.steerScript.contains("  \(command): ["))
    }
  }
}
