/// Requests to the responder as a client on this machine would send them, without a socket.

import Foundation
import HTTPTypes
import Hummingbird
import Logging
import OperatorLog
import Synchronization

@testable import AdminServer

struct Caller {
  let control = SampleControl()
  let lines = MemorySink()
  let responder: AdminResponder

  init(host: String = "127.0.0.1", token: String? = nil) throws {
    let configuration = try AdminConfiguration(host: host, token: token)
    let log = EventLog(sink: lines, level: .trace, now: { Samples.noon })
    responder = AdminResponder(
      gate: RequestGate(token: configuration.token), control: control, log: log,
      logger: log.logger(label: "admin"))
  }

  func send(
    _ method: HTTPRequest.Method, _ path: String, host: String? = "127.0.0.1:8788", _ fields: [String: String] = [:],
    body: String? = nil
  ) async throws -> Received {
    var head = HTTPRequest(method: method, scheme: "http", authority: host, path: path)
    for (name, value) in fields { head.headerFields[HTTPField.Name(name)!] = value }
    if body != nil, fields["Content-Type"] == nil { head.headerFields[.contentType] = "application/json" }
    let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(string: body ?? "")))
    let response = await responder.response(to: request)
    let writer = Collector()
    try await response.body.write(writer)
    return Received(
      status: response.status.code, fields: response.headers, body: writer.text.withLock { $0 },
      declaredLength: response.headers[.contentLength].flatMap(Int.init))
  }

  struct Received {
    var status: Int
    var fields: HTTPFields
    var body: String
    var declaredLength: Int?

    var object: [String: Any] {
      (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] ?? [:]
    }

    var list: [[String: Any]] {
      (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [[String: Any]] ?? []
    }

    /// The message of an answer in OpenRouter's error form; nil for anything else.
    var refusal: String? {
      guard object.count == 1, let error = object["error"] as? [String: Any], error["code"] as? Int == status,
        error["metadata"] as? [String: String] == ["source": "crossfade"]
      else { return nil }
      return error["message"] as? String
    }

    subscript(field: String) -> String? { fields[HTTPField.Name(field)!] }
  }

  private final class Collector: ResponseBodyWriter {
    let text = Mutex("")

    func write(_ buffer: ByteBuffer) async throws { text.withLock { $0 += String(buffer: buffer) } }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
  }
}

final class MemorySink: LineSink {
  let isTerminal = false
  private let state = Mutex([String]())

  var lines: [String] { state.withLock { $0 } }

  func write(_ line: [UInt8]) -> Bool {
    state.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
    return true
  }
}
