/// Messages of every valid shape, as applications and gateways send them, and one message for each way to be refused.

import HTTPFraming
import Testing

/// A connection's bytes, and for responses what they answer.
struct Sample: Sendable, CustomTestStringConvertible {
  var name: String
  var bytes: [UInt8]
  var messages = 1
  var methods: [HTTPMethod] = [.post]

  var testDescription: String { name }
}

extension Sample {
  static let requests: [Sample] = [
    Sample(name: "the smallest request", bytes: wire("GET / HTTP/1.1\nHost: a\n\n")),
    Sample(name: "HTTP/1.0 without a host", bytes: wire("GET /v1/models HTTP/1.0\n\n")),
    Sample(
      name: "HTTP/1.0 that stays open",
      bytes: wire("GET /a HTTP/1.0\nConnection: keep-alive\n\nGET /b HTTP/1.0\n\n"), messages: 2),
    Sample(name: "an empty line first", bytes: wire("\nGET / HTTP/1.1\nHost: a\n\n")),
    Sample(
      name: "a chat completion",
      bytes: wire(
        """
        POST /api/v1/chat/completions HTTP/1.1
        Host: 127.0.0.1:8787
        Accept: application/json
        Accept-Encoding: gzip, deflate
        Connection: keep-alive
        Authorization: Bearer sk-or-v1-0000
        Content-Type: application/json
        User-Agent: OpenAI/Python 3.1.0
        X-Stainless-Lang: python
        x-stainless-retry-count: 0
        HTTP-Referer: https://example.com
        X-Title: An application
        Content-Length: 26

        {"model":"a/b","stream":1}
        """)),
    Sample(
      name: "a chunked upload",
      bytes: wire(
        "POST /v1/responses HTTP/1.1\nHost: [::1]:80\nTransfer-Encoding: Chunked\n\n5\nhello\n00A\n0123456789\n0\n\n")),
    Sample(
      name: "chunk extensions and trailers",
      bytes: wire(
        "POST / HTTP/1.1\nHost: a\ntransfer-encoding:chunked\n\n3;a;b=c;d=\"e f\\\"g\"\nabc\n0;last\nx-sum: 1\nx-b:\n\n"
      )),
    Sample(
      name: "three requests in one read",
      bytes: wire(
        "POST /1 HTTP/1.1\nHost: a\nContent-Length: 3\n\nabcPOST /2 HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n"
          + "1\nx\n0\n\nGET /3 HTTP/1.1\nHost: a\n\n"), messages: 3),
    Sample(
      name: "the last request",
      bytes: wire("GET /1 HTTP/1.1\nHost: a\n\nGET /2 HTTP/1.1\nHost: a\nConnection: close\n\n"), messages: 2),
    Sample(name: "an absolute target", bytes: wire("GET http://example.com:80/x?y=z HTTP/1.1\nHost: example.com\n\n")),
    Sample(name: "an absolute target without a path", bytes: wire("GET HTTPS://example.com HTTP/1.1\nHost: e\n\n")),
    Sample(name: "an asterisk", bytes: wire("OPTIONS * HTTP/1.1\nHost: a\n\n")),
    Sample(
      name: "every method with a name of its own",
      bytes: wire(
        ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
          .map { "\($0) / HTTP/1.1\nHost: a\n\n" }.joined()), messages: 8),
    Sample(
      name: "values with tabs, high bytes, nothing, and blanks around them",
      bytes: wire(
        "GET / HTTP/1.1\nHost:  a  \nX-A:\t b\tc \u{E9}\u{4E16}\nX-Empty:\nX-Blank:  \t \nX-Colon: :a:b\n\n")),
    Sample(
      name: "a target with what fetch leaves bare",
      bytes: wire("GET /a;b=c/%20/'(d)'?q={}|^`[]\\&r=!$*+,@:~/? HTTP/1.1\nHost: a\n\n")),
    Sample(
      name: "a body that waits for permission",
      bytes: wire("POST / HTTP/1.1\nHost: a\nExpect: 100-continue\nContent-Length: 1\n\nx")),
    Sample(
      name: "a body that looks like a request",
      bytes: wire("POST / HTTP/1.1\nHost: a\nContent-Length: 28\n\nGET /x HTTP/1.1\nHost: b\n\n")),
    Sample(name: "an empty body", bytes: wire("POST / HTTP/1.1\nHost: a\nContent-Length: 0\n\n")),
    Sample(name: "a length with zeros before it", bytes: wire("POST / HTTP/1.1\nHost: a\nContent-Length: 003\n\nabc")),
    Sample(
      name: "an upgrade that is not granted",
      bytes: wire("GET / HTTP/1.1\nHost: a\nConnection: Upgrade, HTTP2-Settings\nUpgrade: h2c\nHTTP2-Settings: a\n\n")),
    Sample(name: "a tunnel", bytes: wire("CONNECT a.example:443 HTTP/1.1\nHost: a.example:443\n\n")),
    Sample(
      name: "connection options of several lines",
      bytes: wire(
        "GET / HTTP/1.1\nHost: a\nConnection: , keep-alive,x-hop ,\nConnection: TE\nX-Hop: 1\nTE: trailers\n\n")),
  ]

  static let responses: [Sample] = [
    Sample(name: "an answer with a length", bytes: wire("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello")),
    Sample(
      name: "a stream of events",
      bytes: wire(
        "HTTP/1.1 200 OK\nContent-Type: text/event-stream\nTransfer-Encoding: chunked\n\n"
          + "1B\n: OPENROUTER PROCESSING\n\n\n10\ndata: [DONE]\n\n\n0\n\n")),
    Sample(name: "until the close", bytes: wire("HTTP/1.1 200 OK\n\nall of this")),
    Sample(name: "HTTP/1.0 until the close", bytes: wire("HTTP/1.0 200 OK\nServer: old\n\nall\nof this")),
    Sample(name: "nothing until the close", bytes: wire("HTTP/1.0 200 OK\n\n")),
    Sample(
      name: "no content", bytes: wire("HTTP/1.1 204 No Content\n\nHTTP/1.1 200 OK\nContent-Length: 1\n\nx"), messages: 2
    ),
    Sample(
      name: "not modified, with the length of what was not sent",
      bytes: wire("HTTP/1.1 304 Not Modified\nContent-Length: 99\n\nHTTP/1.1 200 OK\nContent-Length: 0\n\n"),
      messages: 2),
    Sample(
      name: "the answer to HEAD",
      bytes: wire("HTTP/1.1 200 OK\nContent-Length: 99\n\nHTTP/1.1 200 OK\nContent-Length: 1\n\nx"), messages: 2,
      methods: [.head, .get]),
    Sample(
      name: "the chunked answer to HEAD",
      bytes: wire("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nHTTP/1.1 500\nContent-Length: 1\n\nx"), messages: 2,
      methods: [.head, .get]),
    Sample(
      name: "continue first",
      bytes: wire(
        "HTTP/1.1 100 Continue\n\nHTTP/1.1 103 Early Hints\nLink: </a>\n\nHTTP/1.1 201\nContent-Length: 2\n\nok"),
      messages: 3),
    Sample(name: "a status line without a reason", bytes: wire("HTTP/1.1 200 \nContent-Length: 0\n\n")),
    Sample(name: "a status line without a space", bytes: wire("HTTP/1.1 529\nContent-Length: 0\n\n")),
    Sample(
      name: "a reason in other letters", bytes: wire("HTTP/1.1 404 Nicht gefunden: \u{E9}\t!\nContent-Length: 0\n\n")),
    Sample(
      name: "the last answer", bytes: wire("HTTP/1.1 200 OK\nConnection: close\nContent-Length: 2\n\nok")),
    Sample(
      name: "trailers",
      bytes: wire(
        "HTTP/1.1 200 OK\nTrailer: x-cost\nTransfer-Encoding: chunked\n\n2\nok\n0\nx-cost: 0.1\n\n"
          + "HTTP/1.1 200 OK\nContent-Length: 0\n\n"), messages: 2),
    Sample(
      name: "a gateway's error",
      bytes: wire("HTTP/1.1 429 Too Many Requests\nRetry-After: 2\nretry-after-ms: 1500\nContent-Length: 2\n\n{}")),
  ]
}
