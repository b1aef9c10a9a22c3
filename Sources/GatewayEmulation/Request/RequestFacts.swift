/// The facts of a request's head that the rest of the gateway needs.
import NIOHTTP1

struct RequestFacts: Sendable {
  var method: String
  var target: String
  var headers: [(name: String, value: String)]
  var isHTTP10: Bool
  /// The client allows another request on the connection.
  var keepsAlive: Bool
  var expectsContinue: Bool
  var contentLength: Int?

  init(_ head: HTTPRequestHead) {
    method = head.method.rawValue
    target = head.uri
    headers = head.headers.map { (name: $0.name, value: $0.value) }
    isHTTP10 = head.version == .http1_0
    keepsAlive = head.isKeepAlive
    expectsContinue = head.headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
    contentLength = head.headers.first(name: "content-length").flatMap { Int($0) }
  }

  var endpoint: Endpoint? { Endpoint(method: method, target: target) }
  var isHead: Bool { method == "HEAD" }

  func first(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name }?.value
  }

  var acceptsGzip: Bool {
    first("accept-encoding")?.lowercased().split(separator: ",").contains {
      $0.contains("gzip") && !$0.filter { $0 != " " }.hasSuffix("q=0")
    } ?? false
  }

  func carries(key: String) -> Bool {
    first("authorization") == "Bearer \(key)" || first("x-api-key") == key
  }
}
