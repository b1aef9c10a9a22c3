/// An arm's error, read from any of the shapes that errors come in and written in the application's.

import Dialects

struct AnswerFailure {
  /// The arm's words, escaped.
  private(set) var message: [UInt8]
  private(set) var status: Int
  /// One of Anthropic's error types, or what the arm calls it.
  private(set) var type: [UInt8]

  init(status: Int, _ message: String) {
    (self.status, self.message) = (status, JSONText.escaped(message.utf8))
    type = Array(Self.type(of: status).utf8)
  }

  /// - Parameters:
  ///   - document: the error, whole or as the value of `error`.
  ///   - status: of the answer's head; under a success the error itself says more.
  init(_ document: JSONSlice, status: Int) {
    let whole = document.kind == .array ? document.elements.first ?? document : document
    let error = said(whole["error"]) ?? whole
    let named = [error["type"], error["error_type"], error["metadata"]?["error_type"]].lazy.compactMap { $0?.inside }
      .first
    let code = error["code"]?.integer ?? error["code"]?.text.flatMap { Int($0) } ?? error["http_status"]?.integer
    let isError = status >= 400
    self.status =
      isError
      ? status
      : code.flatMap { (400..<600).contains($0) ? $0 : nil } ?? named.flatMap {
        Self.statuses[String(decoding: $0, as: UTF8.self)]
      }
        ?? 502
    type = named.map(Array.init) ?? Array(Self.type(of: self.status).utf8)
    message = Self.message(error) ?? Self.message(whole) ?? Array("HTTP \(status)".utf8)
  }

  /// - Parameter body: of an answer that is no JSON; its beginning is the message.
  init(prose body: [UInt8], status: Int) {
    let text = String(decoding: body.prefix(Self.proseLimit), as: UTF8.self)
    self.init(status: status, isBlank(text.utf8) ? "HTTP \(status)" : text)
  }

  private static let proseLimit = 2048

  private static func message(_ error: JSONSlice) -> [UInt8]? {
    if let text = error.inside { return Array(text) }
    for name: StaticString in ["message", "msg", "detail", "title"] {
      if let text = error[name]?.inside { return Array(text) }
      if let text = error[name]?.elements.first?["msg"]?.inside { return Array(text) }
    }
    return nil
  }

  private static let statuses: [String: Int] = [
    "invalid_request_error": 400, "authentication_error": 401, "billing_error": 402, "permission_error": 403,
    "not_found_error": 404, "conflict_error": 409, "request_too_large": 413, "rate_limit_error": 429,
    "api_error": 500, "timeout_error": 504, "overloaded_error": 529,
  ]

  private static func type(of status: Int) -> String {
    switch status {
    case 401: "authentication_error"
    case 402: "billing_error"
    case 403: "permission_error"
    case 404: "not_found_error"
    case 413: "request_too_large"
    case 429: "rate_limit_error"
    case 408, 504, 524: "timeout_error"
    case 503, 529: "overloaded_error"
    case 400..<500: "invalid_request_error"
    default: "api_error"
    }
  }

  // MARK: in the application's shape

  /// The value of `error` as OpenRouter writes it.
  var chat: [UInt8] {
    var out: [UInt8] = []
    out.write(#"{"code":"#)
    out.write(status)
    out.write(#","message":"#)
    out.write(inside: message)
    out.write(#","metadata":{"error_type":"#)
    out.write(inside: type)
    out.write("}}")
    return out
  }

  /// A whole document as Anthropic writes it, its type one that its SDKs know.
  var messages: [UInt8] {
    let known = Self.statuses[String(decoding: type, as: UTF8.self)] != nil
    var out: [UInt8] = []
    out.write(#"{"type":"error","error":{"type":"#)
    out.write(inside: known ? type : Array(Self.type(of: status).utf8))
    out.write(#","message":"#)
    out.write(inside: message)
    out.write("}}")
    return out
  }
}
