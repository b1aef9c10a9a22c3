/// Reads one line of a recording: a request as an application would send it, and perhaps what it got.

import Dialects
import Foundation

struct RecordingLine {
  private(set) var request: RecordedRequest
  private(set) var problems: [String] = []

  /// - Returns: nil where the line is no JSON object; `problems` then holds nothing.
  init?(_ line: ArraySlice<UInt8>, origin: String) {
    guard let object = (try? JSONSerialization.jsonObject(with: Data(line))) as? [String: Any],
      let slices = JSONSlice.members(line)
    else { return nil }
    request = RecordedRequest(origin: origin, endpoint: .chatCompletions, headers: [], body: [])
    for key in object.keys.sorted() where !["path", "headers", "body", "answer"].contains(key) {
      problems.append("unknown key '\(key.prefix(40))'; a line has path, headers, body and answer")
    }
    readPath(object["path"])
    readHeaders(object["headers"])
    readBody(object["body"], slices["body"])
    readAnswer(object["answer"])
  }

  private mutating func readPath(_ value: Any?) {
    guard let value else { return problems.append("path is missing, such as \"/v1/chat/completions\"") }
    guard let path = value as? String else { return problems.append("path is not a text") }
    for base in ["/api/v1/", "/v1/"] where path.hasPrefix(base) {
      guard let endpoint = Endpoint(pathAfterVersion: String(path.dropFirst(base.count))) else { break }
      request.endpoint = endpoint
      return
    }
    let known = Endpoint.allCases.map { "/v1/\($0.rawValue)" }.joined(separator: ", ")
    problems.append("path '\(path.prefix(80))' cannot be copied to a candidate; it is one of \(known)")
  }

  /// Written anew by whoever sends it, or none of a candidate's business.
  private static let ownHeaders: Set<String> = [
    "host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect",
    "accept-encoding", "authorization", "proxy-authorization", "x-api-key", "api-key", "cookie",
  ]

  private mutating func readHeaders(_ value: Any?) {
    guard let value, !(value is NSNull) else { return }
    guard let headers = value as? [String: Any] else { return problems.append("headers is not an object") }
    for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
      guard let text = value as? String else {
        problems.append("the header '\(name.prefix(40))' is not a text")
        continue
      }
      guard Self.isToken(name), text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
        problems.append("the header '\(name.prefix(40))' holds what no header can")
        continue
      }
      if !Self.ownHeaders.contains(name.lowercased()) { request.headers.append(.init(name: name, value: text)) }
    }
  }

  /// RFC 9110 5.6.2.
  private static func isToken(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }

  private mutating func readBody(_ value: Any?, _ slice: ArraySlice<UInt8>?) {
    guard let value else { return problems.append("body is missing") }
    guard let body = value as? [String: Any], let slice else { return problems.append("body is not an object") }
    guard slice.count <= RecordedRequest.bodyLimit else {
      return problems.append("body is longer than \(RecordedRequest.bodyLimit >> 20) MiB")
    }
    request.body = Array(slice)
    request.model = body["model"] as? String
    if request.model == nil { problems.append("body names no model, so no candidate can be chosen for it") }
  }

  private mutating func readAnswer(_ value: Any?) {
    guard let value, !(value is NSNull) else { return }
    guard let answer = value as? [String: Any] else { return problems.append("answer is not an object") }
    guard let status = answer["status"] as? Int, (200...599).contains(status) else {
      return problems.append("answer.status is not a status from 200 to 599")
    }
    guard let body = answer["body"] as? String else { return problems.append("answer.body is not a text") }
    guard body.utf8.count <= RecordedRequest.bodyLimit else {
      return problems.append("answer.body is longer than \(RecordedRequest.bodyLimit >> 20) MiB")
    }
    let isStream = !body.drop(while: \.isWhitespace).hasPrefix("{")
    let type = answer["content_type"] ?? (isStream ? "text/event-stream" : "application/json")
    guard let type = type as? String, type.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
      return problems.append("answer.content_type is not a header's text")
    }
    request.answer = RecordedAnswer(status: status, contentType: type, body: Array(body.utf8))
  }
}
