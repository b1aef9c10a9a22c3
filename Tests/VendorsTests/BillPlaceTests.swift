/// What a vendor says afterwards of an answer's bill, and what it does not.

import Testing

@testable import Vendors

@Suite struct BillPlaceTests {
  private let place = BillPlace.openRouter

  private func reply(_ status: Int, _ body: String = "", retryAfter: Duration? = nil) -> BillReply {
    place.reply(status: status, body: Array(body.utf8), retryAfter: retryAfter)
  }

  @Test(
    "the cost is read where it is a number",
    arguments: [
      (#"{"data":{"total_cost":0.0015,"usage":0.5}}"#, 0.0015), (#"{"data":{"total_cost":null,"usage":0.002}}"#, 0.002),
      (#"{"data":{"total_cost":0}}"#, 0),
      (#"{"data":{"total_cost":1e-7,"is_byok":false,"upstream_inference_cost":9}}"#, 1e-7),
      (#"{"data":{"total_cost":0.001,"is_byok":true,"upstream_inference_cost":0.02}}"#, 0.021),
      (#"{"data":{"total_cost":0.001,"is_byok":true,"upstream_inference_cost":null}}"#, 0.001),
    ])
  func cost(_ body: String, dollars: Double) { #expect(reply(200, body) == .billed(dollars)) }

  @Test(
    "what says no cost is not there yet",
    arguments: [
      "", "no JSON", "{}", #"{"data":null}"#, #"{"data":[]}"#, #"{"data":{"total_cost":"0.1"}}"#,
      #"{"data":{"total_cost":-1}}"#, #"{"total_cost":1}"#, #"{"data":{"total_cost":1e999}}"#,
      #"{"data":{"total_cost":1e308}}"#,
    ])
  func silent(_ body: String) { #expect(reply(200, body) == .notYet) }

  @Test("every status has one meaning")
  func statuses() {
    #expect(reply(404, #"{"error":{"code":404}}"#) == .notYet)
    for status in [401, 403] { #expect(reply(status) == .refused(status: status)) }
    #expect(reply(429) == .limited(nil))
    #expect(reply(429, retryAfter: .seconds(7)) == .limited(.seconds(7)))
    #expect(reply(503, retryAfter: .seconds(7)) == .limited(.seconds(7)))
    for status in [301, 400, 402, 408, 500, 502, 503, 529] { #expect(reply(status) == .failed) }
  }

  @Test("an id that could become another part of a request is none")
  func ids() {
    #expect(place.path(of: "gen-1795360001-AbCd_9.x") == "/generation?id=gen-1795360001-AbCd_9.x")
    for id in [
      "", "a b", "a\r\nHost: x", "a&id=b", "a/../b", "a#b", "a?b", "a%0d", "ä", String(repeating: "a", count: 65),
    ] {
      #expect(place.path(of: id) == nil)
    }
  }

  @Test("the head's id counts as it is, the body's only where it has the vendor's form")
  func sources() {
    #expect(place.id(head: "req-1", body: "gen-2") == "req-1")
    #expect(place.id(head: "a b", body: "gen-2") == nil)
    #expect(place.id(head: nil, body: "gen-2") == "gen-2")
    for body in ["chatcmpl-2", "resp_2", "gen-2&x", nil] { #expect(place.id(head: nil, body: body) == nil) }
  }

  @Test("only OpenRouter is known to say what it billed")
  func vendors() { #expect(Vendor.all.filter { $0.bill != nil }.map(\.name) == ["openrouter"]) }
}
