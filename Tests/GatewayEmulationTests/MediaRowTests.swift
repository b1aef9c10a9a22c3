import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import GatewayEmulation

/// Asks a media vendor in process, at instants of the test's choosing.
struct MediaAsker {
  struct Told {
    var status: Int
    var headers: [String: String]
    var text: String
    var fault: Fault?
    var wait: Duration

    var json: [String: Any] {
      get throws { try Wire.object(text) }
    }

    subscript(_ path: String) -> Any? {
      var value: Any? = try? json
      for name in path.split(separator: ".") {
        if let index = Int(name) {
          value = (value as? [Any])?[index]
        } else {
          value = (value as? [String: Any])?[String(name)]
        }
      }
      return value
    }
  }

  let row: VendorRow
  var board = JobBoard()
  var behavior: GatewayBehavior

  init(_ vendor: String, jobs: JobManners = JobManners(takes: .fixed(.seconds(4))), key: String? = nil) throws {
    row = try #require(VendorRow.named(vendor))
    behavior = GatewayBehavior(vendor: row.shape, row: row, requireKey: key, jobs: jobs)
  }

  /// - Parameter target: an address of the gateway's, or a path.
  mutating func ask(
    _ method: String, _ target: String, _ body: String = "", at seconds: Double = 0, headers: [String: String] = [:],
    fault: Fault = .none
  ) throws -> Told {
    let path = target.hasPrefix("http://gateway") ? String(target.dropFirst("http://gateway".count)) : target
    var plan = RequestPlan(behavior: behavior, number: 1)
    plan.fault = fault
    let fields = [("host", "gateway")] + headers.map { ($0.key, $0.value) }
    let request = RequestFacts(method: .init(rawValue: method), path, fields)
    let media = try #require(row.media)
    let place = try #require(
      MediaPlace(media, request, body: FormBody.value(of: .init(string: body), type: headers["content-type"])),
      "\(method) \(path) is no path of \(row.name)")
    let choice = MediaChoice(
      vendor: row, row: media, place: place, plan: plan, serial: 1, request: request,
      body: FormBody.value(of: .init(string: body), type: headers["content-type"]), scheme: "http")
    let outcome = choice.answer(&board, at: .milliseconds(Int(seconds * 1000)))
    let text =
      switch outcome.answer.body {
      case .document(let text): text
      case .bytes(let bytes): "\(bytes.count) bytes"
      case .stream(_, let events): events.map(\.text).joined()
      }
    return Told(
      status: outcome.answer.status,
      headers: Dictionary(outcome.answer.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }), text: text,
      fault: outcome.fault, wait: outcome.wait)
  }
}

extension RequestFacts {
  init(method: HTTPMethod, _ target: String, _ fields: [(String, String)] = []) {
    self.init(HTTPRequestHead(version: .http1_1, method: method, uri: target, headers: .init(fields)))
  }
}

@Suite("Media rows")
struct MediaRowTests {
  private static let prompt = #"{"model":"m","prompt":"A red kite"}"#

  @Test("Replicate: the fields stand under input, and a prediction is polled, done and cancelled by its own addresses")
  func replicate() throws {
    var asker = try MediaAsker("replicate")
    let created = try asker.ask(
      "POST", "/v1/models/black-forest-labs/flux-schnell/predictions",
      #"{"input":{"prompt":"A red kite","aspect_ratio":"16:9"}}"#)
    #expect(created.status == 201 && created["status"] as? String == "starting")
    #expect(created["model"] as? String == "black-forest-labs/flux-schnell")
    #expect(created["input.prompt"] as? String == "A red kite")
    let get = try #require(created["urls.get"] as? String)
    #expect(try asker.ask("GET", get, at: 2)["status"] as? String == "processing")
    let done = try asker.ask("GET", get, at: 4)
    #expect(done.status == 200 && done["status"] as? String == "succeeded")
    #expect((done["metrics.predict_time"] as? Double) == 3 && done["completed_at"] is String)
    let file = try #require(done["output.0"] as? String)
    #expect(try asker.ask("GET", file, at: 4).headers["Content-Type"] == "image/png")
    // Too late to be cancelled.
    #expect(
      try asker.ask("POST", #require(created["urls.cancel"] as? String), at: 5)["status"] as? String == "succeeded")
    let second = try asker.ask("POST", "/v1/predictions", #"{"version":"a/b","input":{"prompt":"x"}}"#, at: 5)
    let cancel = try #require(second["urls.cancel"] as? String)
    #expect(try asker.ask("POST", cancel, at: 6)["status"] as? String == "canceled")
    #expect(asker.board.counts.cancelled == 1)
  }

  @Test(
    "Replicate refuses a body that is not {\"input\":…} in its words",
    arguments: [
      (#"{"input":{"prompt":"x"},"prompt":"x"}"#, "Additional property prompt is not allowed"),
      (#"{"prompt":"x"}"#, "Additional property prompt is not allowed"), ("{}", "input is required"),
      (#"{"input":{}}"#, "prompt is required"), (#"{"input":{"prompt":"x","num_outputs":9}}"#, "num_outputs must be"),
      (#"{"input":{"prompt":"x","aspect_ratio":"1024x1024"}}"#, "aspect_ratio must be one of"),
      (#"{"version":"a/b","input":{"prompt":"x"}}"#, "Additional property version is not allowed"),
    ])
  func replicateRefuses(body: String, words: String) throws {
    var asker = try MediaAsker("replicate")
    let told = try asker.ask("POST", "/v1/models/a/b/predictions", body)
    #expect(told.status == 422)
    #expect((told["detail"] as? String)?.contains(words) == true, "\(told.text)")
    #expect(asker.board.counts.created == 0)
  }

  @Test("Replicate waits where Prefer says so, as long as it says")
  func replicateWaits() throws {
    var asker = try MediaAsker("replicate")
    let path = "/v1/models/a/b/predictions"
    let body = #"{"input":{"prompt":"x"}}"#
    let whole = try asker.ask("POST", path, body, headers: ["prefer": "wait"])
    #expect(whole.status == 201 && whole["status"] as? String == "succeeded" && whole.wait == .seconds(4))
    let short = try asker.ask("POST", path, body, headers: ["prefer": "wait=1"])
    #expect(short.status == 202 && short["status"] as? String == "starting" && short.wait == .seconds(1))
  }

  @Test("fal: addresses hold the app's first two names only, and the result stands apart with its units")
  func fal() throws {
    var asker = try MediaAsker("fal")
    let created = try asker.ask("POST", "/fal-ai/flux/dev/image-to-image", #"{"prompt":"x","num_images":2}"#)
    let status = try #require(created["status_url"] as? String)
    let result = try #require(created["response_url"] as? String)
    #expect(created["status"] as? String == "IN_QUEUE" && created["queue_position"] is Int)
    #expect(status == result + "/status" && result.hasPrefix("http://gateway/fal-ai/flux/requests/"))
    #expect(try asker.ask("GET", status, at: 0.5)["queue_position"] is Int)
    #expect(try asker.ask("GET", status + "?logs=1", at: 2)["status"] as? String == "IN_PROGRESS")
    #expect(try asker.ask("GET", result, at: 2).status == 400)
    let done = try asker.ask("GET", status, at: 4)
    #expect(done["status"] as? String == "COMPLETED" && done["error"] == nil)
    #expect(done.headers["x-fal-billable-units"] == nil)
    let pictures = try asker.ask("GET", result, at: 4)
    #expect(pictures.headers["x-fal-billable-units"] == "2")
    #expect((pictures["images"] as? [Any])?.count == 2 && pictures["images.0.width"] as? Int == 1024)
    // The whole endpoint in the path is another app's request.
    let id = try #require(created["request_id"] as? String)
    #expect(try asker.ask("GET", "/fal-ai/flux/dev/requests/\(id)/status").status == 404)
  }

  @Test("fal: a failure is COMPLETED with an error, and 4xx where the result is asked for")
  func falFails() throws {
    var asker = try MediaAsker("fal", jobs: JobManners(failRate: 1))
    let created = try asker.ask("POST", "/fal-ai/flux/dev", #"{"prompt":"x"}"#)
    let told = try asker.ask("GET", #require(created["status_url"] as? String))
    #expect(told.status == 200 && told["status"] as? String == "COMPLETED" && told["error"] is String)
    let result = try asker.ask("GET", #require(created["response_url"] as? String))
    #expect(result.status == 422 && result.headers["x-fal-error-type"] == "content_policy_violation")
    let cancel = try asker.ask("PUT", #require(created["cancel_url"] as? String))
    #expect(cancel.status == 400 && cancel["status"] as? String == "ALREADY_COMPLETED")
  }

  @Test("WaveSpeed: an envelope under 200, also for what failed")
  func waveSpeed() throws {
    var asker = try MediaAsker("wavespeed", jobs: JobManners(failRate: 1))
    let created = try asker.ask("POST", "/api/v3/wavespeed-ai/z-image/turbo", #"{"prompt":"x"}"#)
    #expect(created["code"] as? Int == 200 && created["data.status"] as? String == "created")
    let told = try asker.ask("GET", #require(created["data.urls.get"] as? String))
    #expect(told.status == 200 && told["data.status"] as? String == "failed" && told["data.error"] as? String != "")
    let id = try #require(created["data.id"] as? String)
    #expect(try asker.ask("GET", "/api/v3/predictions/\(id)")["data.status"] as? String == "failed")
    #expect(try asker.ask("GET", "/api/v3/predictions/none/result").status == 404)
  }

  @Test("EvoLink: a task with its credits, from OpenAI's path")
  func evoLink() throws {
    var asker = try MediaAsker("evolink")
    let body = #"{"model":"gpt-image-1.5","prompt":"x","size":"16:9","n":2}"#
    let created = try asker.ask("POST", "/v1/images/generations", body)
    let id = try #require(created["id"] as? String)
    #expect(id.hasPrefix("task-unified-") && created["object"] as? String == "image.generation.task")
    #expect(created["usage.credits_reserved"] as? Double == 5 && created["data"] == nil)
    #expect(try asker.ask("GET", "/v1/tasks/\(id)", at: 2)["progress"] as? Int == 50)
    let done = try asker.ask("GET", "/tasks/\(id)", at: 4)
    #expect((done["results"] as? [Any])?.count == 2 && done["result_data.1.result_id"] as? String == "2")
    #expect(asker.board[id]?.asked.width == 1344)
    #expect(
      try asker.ask("POST", "/v1/videos/generations", Self.prompt)["object"] as? String == "video.generation.task")
  }

  @Test("GrsAi: an identifier for webHook, else lines of progress, and a code under 200")
  func grsAi() throws {
    var asker = try MediaAsker("grsai")
    let path = "/v1/draw/nano-banana"
    let created = try asker.ask("POST", path, #"{"model":"nano-banana","prompt":"x","webHook":"-1"}"#)
    #expect(created["code"] as? Int == 0)
    let id = try #require(created["data.id"] as? String)
    #expect(try asker.ask("POST", "/v1/draw/result", #"{"id":"\#(id)"}"#, at: 2)["data.status"] as? String == "running")
    let done = try asker.ask("POST", "/v1/draw/result", #"{"id":"\#(id)"}"#, at: 4)
    #expect(done["data.status"] as? String == "succeeded" && done["data.results.0.url"] is String)
    let unknown = try asker.ask("POST", "/v1/draw/result", #"{"id":"none"}"#)
    #expect(unknown.status == 200 && unknown["code"] as? Int == -22)
    let alone = try asker.ask("POST", path, #"{"model":"m","prompt":"x","shutProgress":true}"#)
    #expect(alone.text.hasPrefix(#"data: {"id":"14-"#) && alone.text.contains("succeeded") && alone.wait == .seconds(4))
    #expect(try asker.ask("POST", path, Self.prompt).text.components(separatedBy: "data: ").count == 3)
    let refused = try asker.ask("POST", path, #"{"model":"m","webHook":"-1"}"#)
    #expect(refused.status == 200 && refused["code"] as? Int != 0)
  }

  @Test(
    "A wrong key and an unknown job are refused in the vendor's words",
    arguments: [
      ("replicate", "/v1/predictions/none", "Unauthenticated", 404),
      ("wavespeed", "/api/v3/predictions/none", "invalid api key", 404),
      ("fal", "/a/b/requests/none/status", "Authentication is required", 404),
      ("evolink", "/v1/tasks/none", "Invalid API key", 404),
    ])
  func keys(vendor: String, path: String, words: String, status: Int) throws {
    var asker = try MediaAsker(vendor, key: "k")
    let refused = try asker.ask("GET", path)
    #expect(refused.status == 401 && refused.text.contains(words))
    #expect(try asker.ask("GET", path, headers: ["authorization": "Basic k"]).status == 401)
    let scheme = vendor == "fal" ? "Key" : "Bearer"
    #expect(try asker.ask("GET", path, headers: ["authorization": "\(scheme) k"]).status == status)
  }

  @Test("A lost creation is a job without an answer")
  func lost() throws {
    var asker = try MediaAsker("wavespeed", jobs: JobManners(lostRate: 1))
    let told = try asker.ask("POST", "/api/v3/a/b", #"{"prompt":"x"}"#)
    #expect(told.fault == .closeBeforeHead && asker.board.counts.created == 1)
    #expect(asker.board.all.first?.state(at: .zero) == .succeeded)
  }

  @Test("Polls fail in their share, each in its own way, and the first ones are 404 where that is asked for")
  func polls() throws {
    var asker = try MediaAsker("evolink", jobs: JobManners(pollFaultRate: 0.5))
    let id = try #require(try asker.ask("POST", "/v1/images/generations", Self.prompt)["id"] as? String)
    var told: [String] = []
    for _ in 0..<400 {
      let answer = try asker.ask("GET", "/v1/tasks/\(id)")
      told.append("\(answer.status) \(answer.headers["Content-Type"] ?? "")")
    }
    #expect(
      Set(told) == [
        "200 application/json", "429 application/json", "500 application/json", "503 application/json", "502 text/html",
        "200 text/html",
      ])
    #expect(abs(told.count { $0 == "200 application/json" } - 200) < 40)
    asker.behavior.jobs = JobManners(notFoundFirst: 2)
    let second = try #require(try asker.ask("POST", "/v1/images/generations", Self.prompt)["id"] as? String)
    #expect(try (0..<3).map { _ in try asker.ask("GET", "/v1/tasks/\(second)").status } == [404, 404, 200])
  }

  @Test("A file is served once its job has succeeded, and one that carries a key is told apart")
  func files() throws {
    var asker = try MediaAsker("evolink")
    let id = try #require(try asker.ask("POST", "/v1/images/generations", Self.prompt)["id"] as? String)
    #expect(try asker.ask("GET", "/files/\(id)/1.png", at: 1).status == 404)
    #expect(try asker.ask("GET", "/files/\(id)/1.png", at: 5).status == 200)
    #expect(try asker.ask("GET", "/files/\(id)/2.png", at: 5).status == 404)
    #expect(try asker.ask("GET", "/files/\(id)/1.png", at: 5, headers: ["authorization": "Bearer k"]).status == 200)
    #expect(asker.board.counts.filesFetched == 4 && asker.board.counts.filesFetchedWithKey == 1)
    let told = try asker.ask("GET", "/emulated/jobs", at: 5)
    #expect(told["files_fetched_with_key"] as? Int == 1 && told["jobs.0.state"] as? String == "succeeded")
    asker.behavior.jobs = JobManners(fileMissingRate: 1)
    let missing = try asker.ask("POST", "/v1/images/generations", Self.prompt)["id"] as? String ?? ""
    #expect(try asker.ask("GET", "/files/\(missing)/1.png").status == 404)
  }

  @Test("Planned faults strike jobs' requests too: a status in the vendor's words, an empty job, an error under 200")
  func faults() throws {
    var asker = try MediaAsker("replicate", jobs: JobManners())
    let path = "/v1/models/a/b/predictions"
    let body = #"{"input":{"prompt":"x"}}"#
    let refused = try asker.ask("POST", path, body, fault: .status(429, retryAfterSeconds: 7))
    #expect(refused.status == 429 && refused.headers["Retry-After"] == "7" && refused.text.contains("throttled"))
    #expect(try asker.ask("POST", path, body, fault: .errorInBody).status == 200)
    #expect(asker.board.counts.created == 0)
    let empty = try asker.ask("POST", path, body, headers: ["prefer": "wait"], fault: .empty)
    #expect(empty["status"] as? String == "succeeded" && (empty["output"] as? [Any])?.isEmpty == true)
  }

  @Test("Addresses of another host are given out where that is asked for, and whoever follows them is seen there")
  func elsewhere() throws {
    var asker = try MediaAsker("replicate", jobs: JobManners(jobsAt: "http://other", filesAt: "http://files"))
    let created = try asker.ask(
      "POST", "/v1/models/a/b/predictions", #"{"input":{"prompt":"x"}}"#, headers: ["prefer": "wait"])
    #expect((created["urls.get"] as? String)?.hasPrefix("http://other/v1/predictions/") == true)
    #expect((created["output.0"] as? String)?.hasPrefix("http://files/files/") == true)
    var other = try MediaAsker("replicate")
    let id = try #require(created["id"] as? String)
    #expect(try other.ask("GET", "/v1/predictions/\(id)", headers: ["authorization": "Bearer k"]).status == 404)
    #expect(try other.ask("GET", "/files/\(id)/1.png").status == 404)
    #expect(other.board.counts.strays == 2 && other.board.counts.straysWithKey == 1)
  }
}
