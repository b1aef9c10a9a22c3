import Foundation
import HTTPTypes
import Synchronization
import Testing

@testable import AdminServer

@Suite("AdminResponder")
struct AdminResponderTests {
  @Test("Health is ok, readiness tells the reason it is not there")
  func health() async throws {
    let caller = try Caller()
    #expect(try await caller.send(.get, "/healthz").body == "{\"status\":\"ok\"}\n")
    #expect(try await caller.send(.get, "/readyz").body == "{\"ready\":true}\n")
    caller.control.state.withLock { $0.readiness = .notReady(reason: "the journal is not open") }
    let waiting = try await caller.send(.get, "/readyz")
    #expect(waiting.status == 503)
    #expect(waiting.body == "{\"ready\":false,\"reason\":\"the journal is not open\"}\n")
  }

  @Test("Status holds what the contract names, in JSON even where evidence is infinite")
  func status() async throws {
    let received = try await Caller().send(.get, "/status")
    #expect(received.status == 200)
    #expect(received["Content-Type"] == "application/json")
    let keys: Set = ["rollout", "state", "stage", "stage_index", "weights", "since", "arms", "guards", "last_decision"]
    #expect(Set(received.object.keys).isSuperset(of: keys))
    #expect(received.object["stages"] as? [String] == Samples.stages)
    let arms = try #require(received.object["arms"] as? [String: [String: Any]])
    let figures: Set = [
      "requests", "errors", "error_rate", "latency_p50", "latency_p95", "latency_p99", "ttft_p95", "cost", "pictures",
      "videos", "jobs", "outcomes",
    ]
    #expect(Set(try #require(arms["litellm"]).keys) == figures.union(["shadow"]))
    let shadow = try #require(arms["litellm"]?["shadow"] as? [String: Any])
    #expect(Set(shadow.keys) == figures.union(["dropped"]))
    #expect(shadow["dropped"] as? Int == 12)
    let guards = try #require(received.object["guards"] as? [[String: Any]])
    #expect(
      Set(guards[0].keys) == [
        "metric", "above", "ratio_above", "candidate", "evidence", "threshold", "state", "action",
      ])
    #expect(guards[0]["evidence"] as? Double == .greatestFiniteMagnitude)
    #expect(received.object["weights"] as? [String: Double] == ["litellm": 0.05, "evolink": 0])
    #expect(received.object["since"] as? String == "2026-11-22T12:00:00.123Z")
  }

  @Test("Decisions come newest last, after a seq, so many at most")
  func decisions() async throws {
    let caller = try Caller()
    #expect(try await caller.send(.get, "/decisions").list.compactMap { $0["seq"] as? Int } == [1, 2, 3, 4, 5])
    #expect(try await caller.send(.get, "/decisions?after=3").list.compactMap { $0["seq"] as? Int } == [4, 5])
    let last = try await caller.send(.get, "/decisions?limit=1&after=0").list
    #expect(last.compactMap { $0["seq"] as? Int } == [5])
    #expect(
      Set(last[0].keys) == [
        "seq", "ts", "decision", "rollout", "stage", "stage_index", "candidate", "metric", "condition",
        "weights_before",
        "weights_after", "evidence", "message", "actor", "playbook_sha256",
      ])
    #expect(caller.control.state.withLock(\.asked) == [[nil, 100], [3, 100], [0, 1]])
  }

  @Test(
    "A query that is not understood is refused in words",
    arguments: [
      ("after=x", "\"after\" must be a decision's seq"), ("after=-1", "\"after\" must be a decision's seq"),
      ("limit=0", "\"limit\" must be 1 to 1000"), ("limit=1001", "\"limit\" must be 1 to 1000"),
      ("token=s3cret", "unknown parameter \"token\"; valid: after, limit"),
    ])
  func badQuery(query: String, message: String) async throws {
    let received = try await Caller().send(.get, "/decisions?\(query)")
    #expect(received.status == 400)
    #expect(received.refusal == message)
  }

  @Test("Diffs are listed as asked for, and those of one exchange are given by its id")
  func diffs() async throws {
    let caller = try Caller()
    let list = try await caller.send(.get, "/diffs?candidate=litellm&limit=5&order=newest")
    #expect(list.status == 200 && list["Content-Type"] == "application/json")
    #expect(list.list.map { $0["id"] as? String } == ["00000000000000aa"])
    let one = try await caller.send(.get, "/diffs?id=00000000000000AA")
    #expect(one.status == 200)
    var listed = DiffsQuery()
    listed.candidate = "litellm"
    listed.limit = 5
    listed.isByDistance = false
    var single = DiffsQuery()
    single.id = "00000000000000aa"
    #expect(caller.control.state.withLock(\.diffs) == [listed, single])
  }

  @Test("An exchange of which no pair is kept is not found")
  func missingDiff() async throws {
    let received = try await Caller().send(.get, "/diffs?id=ffffffffffffffff")
    #expect(received.status == 404)
    #expect(received.refusal == "no compared pair of exchange ffffffffffffffff is kept")
  }

  @Test(
    "A query for diffs that cannot be is refused with what is valid",
    arguments: [
      ("limit=0", "\"limit\" must be 1 to 200"), ("limit=201", "\"limit\" must be 1 to 200"),
      ("order=best", "\"order\" must be distance or newest"),
      ("candidate=", "\"candidate\" must be a candidate's name"),
      ("id=xyz", "\"id\" must be an x-crossfade-id: 16 hexadecimal digits"),
      ("id=00000000000000aa&limit=3", "\"limit\" is of lists, \"id\" names one exchange"),
      ("bodies=1", "unknown parameter \"bodies\"; valid: candidate, order, limit, id"),
    ])
  func badDiffsQuery(query: String, message: String) async throws {
    let received = try await Caller().send(.get, "/diffs?\(query)")
    #expect(received.status == 400)
    #expect(received.refusal == message)
  }

  @Test("Bodies are for whoever has the token only")
  func diffsNeedToken() async throws {
    let caller = try Caller(host: "0.0.0.0", token: "right")
    #expect(try await caller.send(.get, "/diffs?id=00000000000000aa").status == 401)
    let received = try await caller.send(.get, "/diffs?id=00000000000000aa", ["Authorization": "Bearer right"])
    #expect(received.status == 200)
  }

  @Test("Requests that are turned away are counted by their reason, wrong tokens among them")
  func refusalsCounted() async throws {
    let caller = try Caller(host: "0.0.0.0", token: "right")
    let right = ["Authorization": "Bearer right"]
    #expect(
      try await caller.send(.get, "/metrics", right).body
        .contains("crossfade_admin_refused_total{reason=\"unauthorized\"} 0\n"))
    _ = try await caller.send(.get, "/status")
    _ = try await caller.send(.get, "/status", ["Authorization": "Bearer wrong"])
    _ = try await caller.send(.post, "/pause", ["Authorization": "Bearer right", "Sec-Fetch-Site": "cross-site"])
    let text = try await caller.send(.get, "/metrics", right).body
    #expect(text.contains("crossfade_admin_refused_total{reason=\"unauthorized\"} 2\n"))
    #expect(text.contains("crossfade_admin_refused_total{reason=\"cross_site\"} 1\n"))
  }

  @Test(
    "Unknown paths and methods are refused in the error form",
    arguments: ["/nope", "/status/", "/Status", "//", "/pause/x"])
  func notFound(path: String) async throws {
    let received = try await Caller().send(.get, path)
    #expect(received.status == 404)
    #expect(received.refusal?.hasPrefix("no such endpoint; there are / /healthz /readyz") == true)
  }

  @Test("Every endpoint answers its own methods and names them to the others", arguments: Endpoint.allCases)
  func methods(endpoint: Endpoint) async throws {
    let other: HTTPRequest.Method =
      endpoint == .verdict ? .init("PUT")! : endpoint.changesSomething ? .get : .post
    let wrong = try await Caller().send(other, endpoint.rawValue)
    #expect(wrong.status == 405)
    #expect(
      wrong["Allow"] == (endpoint == .verdict ? "GET, HEAD, POST" : endpoint.changesSomething ? "POST" : "GET, HEAD"))
    #expect(wrong.refusal == "this endpoint answers \(endpoint.methods)")
    #expect(try await Caller().send(.options, endpoint.rawValue).status == 405)
    #expect(try await Caller().send(.delete, endpoint.rawValue).status == 405)
  }

  @Test("HEAD answers the head of GET", arguments: ["/healthz", "/status", "/", "/nope"])
  func head(path: String) async throws {
    let caller = try Caller()
    let get = try await caller.send(.get, path)
    let head = try await caller.send(.head, path)
    #expect(head.status == get.status)
    #expect(head.body.isEmpty)
    #expect(head["Content-Type"] == get["Content-Type"])
  }

  @Test("A fault of the control is a 500 that says nothing of it, and a line in the log that does")
  func fault() async throws {
    let caller = try Caller()
    caller.control.state.withLock { $0.isBroken = true }
    for (method, path) in [(HTTPRequest.Method.get, "/decisions"), (.post, "/pause")] {
      let received = try await caller.send(method, path)
      #expect(received.status == 500)
      #expect(received.refusal == "Crossfade could not do this; its log says why")
    }
    #expect(caller.lines.lines.count == 2)
    #expect(caller.lines.lines.allSatisfy { $0.contains("\"level\":\"error\"") && $0.contains("Trouble()") })
  }

  @Test(
    "Every answer forbids framing, guessing, caching and lending",
    arguments: Endpoint.allCases.map(\.rawValue) + ["/nope"])
  func headers(path: String) async throws {
    let received = try await Caller().send(.get, path)
    #expect(received["X-Frame-Options"] == "DENY")
    #expect(received["X-Content-Type-Options"] == "nosniff")
    #expect(received["Cache-Control"] == "no-store")
    #expect(received["Referrer-Policy"] == "no-referrer")
    #expect(received["Cross-Origin-Resource-Policy"] == "same-origin")
    #expect(received["Content-Security-Policy"]?.hasPrefix("default-src 'none'") == true)
    #expect(received["Access-Control-Allow-Origin"] == nil)
  }

  @Test("With a token every endpoint but health and the empty page needs it", arguments: Endpoint.allCases)
  func authorization(endpoint: Endpoint) async throws {
    let caller = try Caller(host: "0.0.0.0", token: "s3cret")
    let method: HTTPRequest.Method = endpoint.changesSomething ? .post : .get
    let without = try await caller.send(method, endpoint.rawValue, host: "crossfade.example")
    #expect(without.status == (endpoint.isOpen ? 200 : 401))
    #expect((without["WWW-Authenticate"] == nil) == endpoint.isOpen)
    #expect(caller.control.state.withLock { $0.given.isEmpty && $0.asked.isEmpty })
    let fields = ["Authorization": "Bearer s3cret"]
    let with = try await caller.send(method, endpoint.rawValue, host: "crossfade.example", fields)
    #expect(with.status != 401)
    #expect([.healthz, .readyz, .dashboard].contains(endpoint) == endpoint.isOpen)
  }

  @Test("Without the token even an unknown path is only unauthorized")
  func unknownPathWithoutToken() async throws {
    #expect(try await Caller(token: "s3cret").send(.get, "/nope").status == 401)
  }

  @Test("A foreign name or a foreign page does not reach the control")
  func foreign() async throws {
    let caller = try Caller()
    #expect(try await caller.send(.get, "/status", host: "evil.example:8788").status == 403)
    #expect(try await caller.send(.post, "/rollback", ["Origin": "https://evil.example"]).status == 403)
    #expect(try await caller.send(.post, "/rollback", ["Sec-Fetch-Site": "cross-site"]).status == 403)
    #expect(try await caller.send(.post, "/rollback", ["Content-Type": "text/plain"], body: "{}").status == 415)
    #expect(caller.control.state.withLock(\.given).isEmpty)
  }
}
