/// What belongs together is one unit, what does not is not, and the hashes never change between versions.

import Testing

@testable import TrafficSplit

@Suite("Unit")
struct UnitTests {
  private func unit(_ request: SampleRequest, _ keys: StickyKey..., draw: UInt64 = 7) -> Unit {
    Unit(of: request, keys: keys, draw: draw)
  }

  @Test("has pinned hashes for every kind of key")
  func pinned() {
    #expect(unit(SampleRequest(body: ["session_id": "s1"]), .conversation).hash == 0xAFA5_D8F4_E31E_F0C4)
    #expect(unit(SampleRequest(body: ["prompt_cache_key": "k"]), .conversation).hash == 0x762E_767F_E49E_8BA8)
    #expect(unit(SampleRequest(headers: ["x-user": "u"]), .header("x-user")).hash == 0xCAC7_34DC_B184_D073)
    #expect(unit(SampleRequest(body: ["user": "u"]), .body("user")).hash == 0xA06C_889B_D608_2826)
    #expect(unit(SampleRequest()).hash == 0x0876_CD40_6AFD_E455)
    let (system, first) = (Array("sys".utf8), Array("hello".utf8))
    let conversation = Unit.conversationHash(system: system.span.bytes, first: first.span.bytes)
    #expect(conversation == 0xD323_11B3_217A_3604)
    let request = SampleRequest(headers: ["authorization": "Bearer k"], conversation: conversation)
    #expect(unit(request, .conversation).hash == 0x930F_7F33_7058_ADE4)
  }

  @Test("follows OpenRouter's order: body session, header session, cache key, first messages")
  func order() {
    var request = SampleRequest(
      headers: ["x-session-id": "header"], body: ["session_id": "body", "prompt_cache_key": "key"], conversation: 1)
    func only(_ change: (inout SampleRequest) -> Void) -> Unit {
      var request = SampleRequest()
      change(&request)
      return unit(request, .conversation)
    }
    #expect(unit(request, .conversation) == only { $0.body["session_id"] = "body" })
    request.body["session_id"] = ""
    #expect(unit(request, .conversation) == only { $0.headers["x-session-id"] = "header" })
    request.headers["x-session-id"] = nil
    #expect(unit(request, .conversation) == only { $0.body["prompt_cache_key"] = "key" })
    request.body["prompt_cache_key"] = nil
    #expect(unit(request, .conversation) == only { $0.conversation = 1 })
    request.conversation = nil
    #expect(!unit(request, .conversation).isSticky)
  }

  @Test("is the user that a request to messages names, before everything else")
  func messagesUser() {
    var request = SampleRequest(body: ["session_id": "body"], conversation: 1, messagesUser: "user_1__session_2")
    let unit = unit(request, .conversation)
    request.body = [:]
    request.conversation = 2
    #expect(self.unit(request, .conversation) == unit && unit.isSticky)
    request.messagesUser = ""
    #expect(self.unit(request, .conversation) != unit)
  }

  @Test("is one session whether the body or the header names it")
  func sameSession() {
    #expect(
      unit(SampleRequest(body: ["session_id": "s"]), .conversation)
        == unit(SampleRequest(headers: ["x-session-id": "s"]), .conversation))
  }

  @Test("keeps equal conversations of two callers apart, whichever header carries the key")
  func callers() {
    let callers = [[:], ["authorization": "Bearer a"], ["authorization": "Bearer b"], ["x-api-key": "c"]]
    let units = callers.map { unit(SampleRequest(headers: $0, conversation: 1), .conversation).hash }
    #expect(Set(units).count == callers.count)
  }

  @Test("takes the first key that is present")
  func firstPresent() {
    let request = SampleRequest(headers: ["x-user": "h"], body: ["user": "b"])
    #expect(unit(request, .header("x-none"), .body("user"), .header("x-user")) == unit(request, .body("user")))
  }

  @Test("keeps equal values of different sources apart")
  func domains() {
    let value = "same"
    let units = [
      unit(SampleRequest(body: ["session_id": value]), .conversation),
      unit(SampleRequest(body: ["prompt_cache_key": value]), .conversation),
      unit(SampleRequest(body: ["user": value]), .body("user")),
      unit(SampleRequest(body: ["id": value]), .body("id")),
      unit(SampleRequest(headers: ["user": value]), .header("user")),
      unit(SampleRequest(headers: ["id": value]), .header("id")),
    ]
    #expect(Set(units.map(\.hash)).count == units.count)
  }

  @Test("is the single request where no key is present: by its draw, and not sticky")
  func single() {
    let units = (0..<100).map { unit(SampleRequest(), .header("x-user"), draw: $0) }
    #expect(units.allSatisfy { !$0.isSticky })
    #expect(Set(units.map(\.hash)).count == 100)
  }

  @Test("tells a system message from a first message")
  func messages() {
    let bytes = Array("hello".utf8)
    let hashes = [
      Unit.conversationHash(system: bytes.span.bytes, first: nil),
      Unit.conversationHash(system: nil, first: bytes.span.bytes),
      Unit.conversationHash(system: bytes.span.bytes, first: bytes.span.bytes),
    ]
    #expect(Set(hashes).count == 3 && !hashes.contains(nil))
    #expect(Unit.conversationHash(system: nil, first: nil) == nil)
  }
}
