/// Requests as an application sends them.

enum Request {
  /// - Parameter fields: further members of the body, each with its comma before it.
  static func body(model: String = "app/large", stream: Bool = false, text: String = "Hello", fields: String = "")
    -> String
  {
    let stream = stream ? #","stream":true"# : ""
    return #"{"model":"\#(model)","messages":[{"role":"user","content":"\#(text)"}]\#(stream)\#(fields)}"#
  }

  /// - Parameter lines: further header lines, each with its line ending.
  static func chat(
    model: String = "app/large", stream: Bool = false, text: String = "Hello", lines: String = "", fields: String = ""
  ) -> String {
    post("/api/v1/chat/completions", body(model: model, stream: stream, text: text, fields: fields), lines: lines)
  }

  static func post(_ path: String, _ body: String, lines: String = "") -> String {
    "POST \(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer caller-key\r\n"
      + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\(lines)\r\n\(body)"
  }

  static func get(_ path: String, lines: String = "") -> String {
    "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(lines)\r\n"
  }
}

extension [UInt8] {
  var text: String { String(decoding: self, as: UTF8.self) }
}
