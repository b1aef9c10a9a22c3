import HTTPTypes
import Synchronization
import Testing

@testable import AdminServer

@Suite("Outcomes")
struct OutcomeTests {
  @Test("One outcome or a list is handed on, and the answer counts those that were known")
  func outcomes() async throws {
    let caller = try Caller()
    let one = try await caller.send(.post, "/outcomes", body: #" {"id":"x1","success":true}"#)
    #expect(one.body == "{\"accepted\":1,\"received\":1}\n")
    let list = #"[{"id":"x2","success":false,"value":1.5},{"id":"old","success":true,"value":null}]"#
    #expect(try await caller.send(.post, "/outcomes", body: list).body == "{\"accepted\":1,\"received\":2}\n")
    #expect(try await caller.send(.post, "/outcomes", body: "[]").body == "{\"accepted\":0,\"received\":0}\n")
    #expect(
      caller.control.state.withLock(\.reported) == [
        .init(id: "x1", success: true), .init(id: "x2", success: false, value: 1.5), .init(id: "old", success: true),
      ])
  }

  @Test("An evaluator names the arm whose answer it speaks of, and may give a value alone")
  func scores() async throws {
    let caller = try Caller()
    let body = #"[{"id":"x1","arm":"today","value":0.9},{"id":"x1","arm":"trial","success":false,"value":0}]"#
    #expect(try await caller.send(.post, "/outcomes", body: body).body == "{\"accepted\":2,\"received\":2}\n")
    #expect(
      caller.control.state.withLock(\.reported) == [
        .init(id: "x1", arm: "today", success: nil, value: 0.9),
        .init(id: "x1", arm: "trial", success: false, value: 0),
      ])
  }

  private static let form =
    "the body must be {\"id\": \"…\", \"success\": true|false, \"value\": 1.5} or a list of such"

  @Test(
    "An outcome that is not understood is refused with its place, and none of the list is taken",
    arguments: [
      ("", form), ("{", form), ("\"x\"", form), ("[1]", "[0]: of another type; \(form)"),
      (#"{"success":true}"#, "\"id\" is missing"),
      (#"[{"id":"x","success":true},{"id":"x"}]"#, "[1]: \"success\" is missing"),
      (#"{"id":"x","success":"yes"}"#, "\"success\": of another type; \(form)"),
      (#"{"id":"","success":true}"#, "\"id\": not an x-crossfade-id"),
      (#"[{"id":"x","success":true,"valeu":1}]"#, "[0] \"valeu\": unknown; valid: id, arm, success, value"),
      (#"{"id":"x","arm":"trial"}"#, "\"value\" is missing"), (#"{"id":"x","value":0.5}"#, "\"success\" is missing"),
    ])
  func refusals(body: String, message: String) async throws {
    let caller = try Caller()
    let received = try await caller.send(.post, "/outcomes", body: body)
    #expect(received.status == 400)
    #expect(received.refusal == message)
    #expect(caller.control.state.withLock(\.reported).isEmpty)
  }
}
