/// One message, at least, for each way to be refused; each differs from a valid one in the named detail only.

import HTTPFraming
import Testing

struct Refusal: Sendable, CustomTestStringConvertible {
  var violation: FramingViolation
  var detail: String
  var kind = MessageKind.request
  var bytes: [UInt8]

  var testDescription: String { "\(violation): \(detail)" }

  private init(_ violation: FramingViolation, _ detail: String, _ kind: MessageKind, _ bytes: [UInt8]) {
    (self.violation, self.detail, self.kind, self.bytes) = (violation, detail, kind, bytes)
  }
}

extension Refusal {
  static let all = startLines + fieldLines + hostsAndConnections + lengths + chunks + trailers + responses

  /// A request that begins with `line`, given with its line end.
  private static func start(_ violation: FramingViolation, _ detail: String, _ line: String) -> Refusal {
    Refusal(violation, detail, .request, Array(line.utf8) + wire("Host: a\n\n"))
  }

  /// A request with `lines` among its fields, given with their line ends.
  private static func fields(_ violation: FramingViolation, _ detail: String, _ lines: String) -> Refusal {
    Refusal(violation, detail, .request, wire("POST / HTTP/1.1\nHost: a\n") + Array(lines.utf8) + wire("\n"))
  }

  /// A chunked request with `body`, given with its line ends.
  private static func body(_ violation: FramingViolation, _ detail: String, _ body: String) -> Refusal {
    Refusal(
      violation, detail, .request, wire("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n") + Array(body.utf8))
  }

  private static func response(_ violation: FramingViolation, _ detail: String, _ head: String) -> Refusal {
    Refusal(violation, detail, .response, Array(head.utf8) + wire("Content-Length: 0\n\n"))
  }

  private static let startLines: [Refusal] = [
    start(.emptyStartLine, "two empty lines", "\r\n\r\nGET / HTTP/1.1\r\n"),
    start(.invalidMethod, "a space first", " GET / HTTP/1.1\r\n"),
    start(.invalidMethod, "a colon", "GE:T / HTTP/1.1\r\n"),
    start(.invalidMethod, "a high byte", "G\u{C9}T / HTTP/1.1\r\n"),
    start(.invalidMethod, "a tab for the space", "GET\t/ HTTP/1.1\r\n"),
    start(.invalidMethod, "nothing after it", "GET\r\n"),
    start(.invalidTarget, "two spaces", "GET  / HTTP/1.1\r\n"),
    start(.invalidTarget, "no slash", "GET index.html HTTP/1.1\r\n"),
    start(.invalidTarget, "a fragment", "GET /a#b HTTP/1.1\r\n"),
    start(.invalidTarget, "a high byte", "GET /\u{E9} HTTP/1.1\r\n"),
    start(.invalidTarget, "a tab", "GET /a\tb HTTP/1.1\r\n"),
    start(.invalidTarget, "a quote", "GET /a\"b HTTP/1.1\r\n"),
    start(.invalidTarget, "a backslash in the path", "GET /a\\..\\b HTTP/1.1\r\n"),
    start(.invalidTarget, "another scheme", "GET ftp://a/ HTTP/1.1\r\n"),
    start(.invalidTarget, "an absolute target without a host", "GET http:///a HTTP/1.1\r\n"),
    start(.invalidTarget, "a user name in the authority", "GET http://u@h/ HTTP/1.1\r\n"),
    start(.targetNotForMethod, "an asterisk without OPTIONS", "GET * HTTP/1.1\r\n"),
    start(.targetNotForMethod, "a path for CONNECT", "CONNECT /a HTTP/1.1\r\n"),
    start(.invalidVersion, "none, as in HTTP/0.9", "GET /\r\n"),
    start(.invalidVersion, "lower case", "GET / http/1.1\r\n"),
    start(.invalidVersion, "two spaces", "GET /  HTTP/1.1\r\n"),
    start(.invalidVersion, "a space after it", "GET / HTTP/1.1 \r\n"),
    start(.invalidVersion, "two digits", "GET / HTTP/1.10\r\n"),
    start(.invalidVersion, "a space in the target", "GET /a b HTTP/1.1\r\n"),
    start(.unsupportedVersion, "HTTP/2.0", "GET / HTTP/2.0\r\n"),
    start(.unsupportedVersion, "HTTP/1.2", "GET / HTTP/1.2\r\n"),
    start(.unsupportedVersion, "HTTP/0.9", "GET / HTTP/0.9\r\n"),
    start(.bareLF, "after the version", "GET / HTTP/1.1\n"),
    start(.bareLF, "before the request", "\nGET / HTTP/1.1\r\n"),
    start(.bareCR, "after the version", "GET / HTTP/1.1\r"),
    start(.bareCR, "before the request", "\rGET / HTTP/1.1\r\n"),
    start(.nul, "in the target", "GET /\0 HTTP/1.1\r\n"),
    start(.controlCharacter, "a TLS hello", "\u{16}\u{03}\u{01}\u{02}"),
    start(.controlCharacter, "DEL in the target", "GET /\u{7F} HTTP/1.1\r\n"),
    start(.headTooLarge, "an endless target", "GET /" + String(repeating: "a", count: 65_536)),
  ]

  private static let fieldLines: [Refusal] = [
    fields(.bareCR, "in a value", "X-A: a\rb\r\n"),
    fields(.bareCR, "before the line end", "X-A: a\r\r\n"),
    fields(.bareCR, "as a line end", "X-A: a\rX-B: b\r\n"),
    fields(.bareCR, "as the empty line", "\rX-B: b\r\n"),
    fields(.bareLF, "as a line end", "X-A: a\nX-B: b\r\n"),
    fields(.bareLF, "as the empty line", "\nX-B: b\r\n"),
    fields(.bareLF, "twice, as the end of the head", "X-A: a\n\nGET /x HTTP/1.1\r\n"),
    fields(.nul, "in a value", "X-A: a\0b\r\n"),
    fields(.nul, "in a name", "X\0-A: a\r\n"),
    fields(.controlCharacter, "in a value", "X-A: a\u{01}b\r\n"),
    fields(.controlCharacter, "DEL in a value", "X-A: a\u{7F}b\r\n"),
    fields(.controlCharacter, "a vertical tab before the colon", "X-A\u{0B}: a\r\n"),
    fields(.emptyFieldName, "a colon first", ": a\r\n"),
    fields(.invalidFieldName, "a space within", "X A: a\r\n"),
    fields(.invalidFieldName, "a bracket", "X(A): a\r\n"),
    fields(.invalidFieldName, "a high byte", "X-\u{E9}: a\r\n"),
    fields(.invalidFieldName, "an equals sign for the colon", "Transfer-Encoding= chunked\r\n"),
    fields(.missingColon, "a name alone", "X-A\r\n"),
    fields(.spaceBeforeColon, "a space", "Content-Length : 5\r\n"),
    fields(.spaceBeforeColon, "a tab", "Transfer-Encoding\t: chunked\r\n"),
    fields(.foldedLine, "a second line of a value", "X-A: a\r\n b\r\n"),
    fields(.foldedLine, "by a tab", "X-A:\r\n\t5\r\n"),
    fields(.tooManyFields, "129 of them", (0..<128).map { "X-\($0): a\r\n" }.joined()),
    fields(.headTooLarge, "an endless value", "X-A: " + String(repeating: "a", count: 65_536) + "\r\n"),
  ]

  private static let hostsAndConnections: [Refusal] = [
    Refusal(.missingHost, "HTTP/1.1", .request, wire("GET / HTTP/1.1\nX-A: a\n\n")),
    Refusal(.missingHost, "no fields", .request, wire("GET / HTTP/1.1\n\n")),
    fields(.repeatedHost, "two", "Host: b\r\n"),
    fields(.repeatedHost, "two alike", "hOST: a\r\n"),
    Refusal(.invalidHost, "empty", .request, wire("GET / HTTP/1.1\nHost:\n\n")),
    Refusal(.invalidHost, "two in one", .request, wire("GET / HTTP/1.1\nHost: a, b\n\n")),
    Refusal(.invalidHost, "a path", .request, wire("GET / HTTP/1.1\nHost: a/b\n\n")),
    Refusal(.invalidHost, "a user", .request, wire("GET / HTTP/1.1\nHost: u@a\n\n")),
    Refusal(.invalidHost, "a port alone", .request, wire("GET / HTTP/1.1\nHost: :80\n\n")),
    fields(.invalidConnection, "a space within an option", "Connection: keep alive\r\n"),
    fields(.invalidConnection, "a quoted option", "Connection: \"close\"\r\n"),
    fields(.connectionTooLong, "one", "Connection: " + String(repeating: "a,", count: 513) + "\r\n"),
    fields(.connectionTooLong, "many", String(repeating: "Connection: abcdefghijklmno,\r\n", count: 65)),
  ]

  private static let lengths: [Refusal] = [
    fields(.tabInFramingField, "before a length", "Content-Length:\t5\r\n"),
    fields(.tabInFramingField, "after a length", "Content-Length: 5\t\r\n"),
    fields(.tabInFramingField, "after a coding", "Transfer-Encoding: chunked\t\r\n"),
    fields(.tabInFramingField, "between connection options", "Connection: a,\tclose\r\n"),
    Refusal(.tabInFramingField, "after a host", .request, wire("GET / HTTP/1.1\nHost: a\t\n\n")),
    fields(.emptyContentLength, "nothing", "Content-Length:\r\n"),
    fields(.emptyContentLength, "blanks", "Content-Length:   \r\n"),
    fields(.signedContentLength, "plus", "Content-Length: +5\r\n"),
    fields(.signedContentLength, "minus", "Content-Length: -5\r\n"),
    fields(.signedContentLength, "minus zero", "Content-Length: -0\r\n"),
    fields(.listedContentLength, "of different lengths", "Content-Length: 5, 6\r\n"),
    fields(.listedContentLength, "of identical lengths", "Content-Length: 5,5\r\n"),
    fields(.listedContentLength, "with an empty element", "Content-Length: 5,\r\n"),
    fields(.invalidContentLength, "hexadecimal", "Content-Length: 0x5\r\n"),
    fields(.invalidContentLength, "a space within", "Content-Length: 1 5\r\n"),
    fields(.invalidContentLength, "a fraction", "Content-Length: 5.0\r\n"),
    fields(.invalidContentLength, "an underscore", "Content-Length: 1_5\r\n"),
    fields(.invalidContentLength, "digits of another script", "Content-Length: \u{0665}\r\n"),
    fields(.repeatedContentLength, "different", "Content-Length: 5\r\nContent-Length: 6\r\n"),
    fields(.repeatedContentLength, "identical", "Content-Length: 5\r\ncontent-length: 5\r\n"),
    fields(.repeatedContentLength, "zero twice", "Content-Length: 0\r\nContent-Length: 0\r\n"),
    fields(.contentLengthOverflow, "2^63", "Content-Length: 9223372036854775808\r\n"),
    fields(.contentLengthOverflow, "2^64 + 5", "Content-Length: 18446744073709551621\r\n"),
    fields(
      .contentLengthWithTransferEncoding, "length first", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
    fields(
      .contentLengthWithTransferEncoding, "coding first", "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"),
    fields(.unsupportedTransferCoding, "nothing", "Transfer-Encoding:\r\n"),
    fields(.unsupportedTransferCoding, "identity", "Transfer-Encoding: identity\r\n"),
    fields(.unsupportedTransferCoding, "gzip first", "Transfer-Encoding: gzip, chunked\r\n"),
    fields(.unsupportedTransferCoding, "chunked twice", "Transfer-Encoding: chunked, chunked\r\n"),
    fields(.unsupportedTransferCoding, "chunked with a parameter", "Transfer-Encoding: chunked;a=b\r\n"),
    fields(.unsupportedTransferCoding, "quoted", "Transfer-Encoding: \"chunked\"\r\n"),
    fields(.unsupportedTransferCoding, "longer", "Transfer-Encoding: xchunked\r\n"),
    fields(.repeatedTransferEncoding, "two", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
    Refusal(
      .transferEncodingBeforeHTTP11, "a request", .request, wire("POST / HTTP/1.0\nTransfer-Encoding: chunked\n\n")),
    Refusal(
      .contentWithConnect, "a length", .request, wire("CONNECT a:1 HTTP/1.1\nHost: a\nContent-Length: 0\n\n")),
    Refusal(
      .contentWithConnect, "a coding", .request, wire("CONNECT a:1 HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n")),
  ]

  private static let chunks: [Refusal] = [
    body(.invalidChunkSize, "empty", "\r\nabc\r\n"),
    body(.invalidChunkSize, "plus", "+3\r\nabc\r\n"),
    body(.invalidChunkSize, "minus", "-3\r\nabc\r\n"),
    body(.invalidChunkSize, "0x", "0x3\r\nabc\r\n"),
    body(.invalidChunkSize, "a space before", " 3\r\nabc\r\n"),
    body(.invalidChunkSize, "a space after", "3 \r\nabc\r\n"),
    body(.invalidChunkSize, "a tab after", "3\t\r\nabc\r\n"),
    body(.invalidChunkSize, "a space before an extension", "3 ;a\r\nabc\r\n"),
    body(.invalidChunkSize, "not hexadecimal", "g\r\nabc\r\n"),
    body(.invalidChunkSize, "an extension alone", ";a\r\nabc\r\n"),
    body(.chunkSizeOverflow, "2^63", "8000000000000000\r\nabc\r\n"),
    body(.chunkSizeOverflow, "2^64 + 3", "10000000000000003\r\nabc\r\n"),
    body(.chunkLineTooLong, "zeros", String(repeating: "0", count: 1_024) + "3\r\nabc\r\n"),
    body(.chunkLineTooLong, "an extension", "3;" + String(repeating: "a", count: 1_024) + "\r\nabc\r\n"),
    body(
      .chunkOverheadTooLarge, "a byte a line",
      String(repeating: "1;" + String(repeating: "a", count: 1_000) + "\r\nx\r\n", count: 20)),
    body(.invalidChunkExtension, "without a name", "3;\r\nabc\r\n"),
    body(.invalidChunkExtension, "without a value", "3;a=\r\nabc\r\n"),
    body(.invalidChunkExtension, "a space in the name", "3;a b\r\nabc\r\n"),
    body(.invalidChunkExtension, "a space before the name", "3; a\r\nabc\r\n"),
    body(.invalidChunkExtension, "an open quote", "3;a=\"b\r\nabc\r\n"),
    body(.invalidChunkExtension, "bytes after a quote", "3;a=\"b\"c\r\nabc\r\n"),
    body(.bareLF, "after a size", "3\nabc\r\n"),
    body(.bareLF, "after an extension", "3;a\nabc\r\n"),
    body(.bareLF, "in a quoted value", "3;a=\"\n\"\r\nabc\r\n"),
    body(.bareCR, "after a size", "3\rabc\r\n"),
    body(.nul, "after a size", "3\0\r\nabc\r\n"),
    body(.controlCharacter, "in an extension", "3;a\u{01}\r\nabc\r\n"),
    body(.missingCRLFAfterChunk, "more payload than announced", "3\r\nabcd\r\n0\r\n\r\n"),
    body(.missingCRLFAfterChunk, "a line feed alone", "3\r\nabc\n0\r\n\r\n"),
    body(.missingCRLFAfterChunk, "a carriage return alone", "3\r\nabc\r0\r\n\r\n"),
    body(.missingCRLFAfterChunk, "the next size at once", "3\r\nabc0\r\n\r\n"),
  ]

  private static let trailers: [Refusal] = [
    body(.trailersTooLarge, "an endless value", "0\r\nX-A: " + String(repeating: "a", count: 8_192)),
    body(.tooManyFields, "in trailers", "0\r\n" + String(repeating: "a:\r\n", count: 129)),
    body(.forbiddenTrailer, "a length", "0\r\nContent-Length: 5\r\n\r\n"),
    body(.forbiddenTrailer, "a coding", "0\r\nX-A: a\r\ntransfer-encoding: chunked\r\n\r\n"),
    body(.forbiddenTrailer, "a host", "0\r\nHost: b\r\n\r\n"),
    body(.forbiddenTrailer, "a credential", "0\r\nAuthorization: Bearer x\r\n\r\n"),
    body(.spaceBeforeColon, "in a trailer", "0\r\nX-A : a\r\n\r\n"),
    body(.invalidFieldName, "a space in a trailer's name", "0\r\nX A: a\r\n\r\n"),
    body(.invalidFieldName, "a bracket in a trailer's name", "0\r\nX(A: a\r\n\r\n"),
    body(.emptyFieldName, "in a trailer", "0\r\n: a\r\n\r\n"),
    body(.missingColon, "in a trailer", "0\r\nX-A\r\n\r\n"),
    body(.foldedLine, "in a trailer", "0\r\nX-A: a\r\n b\r\n\r\n"),
    body(.bareLF, "in a trailer", "0\r\nX-A: a\n\r\n"),
    body(.bareLF, "as the end of the trailers", "0\r\n\n"),
    body(.bareCR, "in a trailer", "0\r\nX-A: a\rb\r\n\r\n"),
    body(.bareCR, "as the end of the trailers", "0\r\n\rGET"),
    body(.nul, "in a trailer", "0\r\nX-A: \0\r\n\r\n"),
    body(.controlCharacter, "in a trailer's name", "0\r\nX\u{01}A: a\r\n\r\n"),
  ]

  private static let responses: [Refusal] = [
    response(.emptyStartLine, "an empty line first", "\r\nHTTP/1.1 200 OK\r\n"),
    response(.invalidVersion, "another protocol", "ICY 200 OK and more\r\n"),
    response(.invalidVersion, "lower case", "http/1.1 200 OK\r\n"),
    response(.invalidVersion, "two digits", "HTTP/1.10 200 OK\r\n"),
    response(.unsupportedVersion, "HTTP/2.0", "HTTP/2.0 200 OK\r\n"),
    response(.invalidStatusLine, "two digits", "HTTP/1.1 20 OK\r\n"),
    response(.invalidStatusLine, "four digits", "HTTP/1.1 2000 OK\r\n"),
    response(.invalidStatusLine, "below 100", "HTTP/1.1 099 OK\r\n"),
    response(.invalidStatusLine, "not a number", "HTTP/1.1 2xx OK\r\n"),
    response(.invalidStatusLine, "signed", "HTTP/1.1 +20 OK\r\n"),
    response(.invalidStatusLine, "two spaces", "HTTP/1.1  200 OK\r\n"),
    response(.invalidStatusLine, "a tab after the code", "HTTP/1.1 200\tOK\r\n"),
    response(.unexpectedUpgrade, "101", "HTTP/1.1 101 Switching Protocols\r\n"),
    response(.nul, "in the reason", "HTTP/1.1 200 O\0K\r\n"),
    response(.bareLF, "after the reason", "HTTP/1.1 200 OK\n"),
    response(.repeatedContentLength, "in a response", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"),
    Refusal(
      .transferEncodingBeforeHTTP11, "a response", .response, wire("HTTP/1.0 200 OK\nTransfer-Encoding: chunked\n\n")),
    Refusal(
      .unsupportedTransferCoding, "in a response", .response, wire("HTTP/1.1 200 OK\nTransfer-Encoding: gzip\n\n")),
  ]
}
