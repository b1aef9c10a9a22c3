/// Why a message is refused: one case for each way its bytes could be read differently by someone else.

/// The description is a plain sentence without any byte of the message, so it may be logged and answered.
package enum FramingViolation: Error, Sendable, Hashable, CaseIterable {
  // Any line of a head, a chunk or a trailer.
  case bareCR
  case bareLF
  case nul
  case controlCharacter
  // Start lines.
  case emptyStartLine
  case invalidMethod
  case invalidTarget
  case targetNotForMethod
  case invalidVersion
  case unsupportedVersion
  case invalidStatusLine
  case unexpectedUpgrade
  // Field lines.
  case emptyFieldName
  case invalidFieldName
  case missingColon
  case spaceBeforeColon
  case foldedLine
  case headTooLarge
  case tooManyFields
  case unterminatedHead
  case bytesAfterHead
  // What fields say about the connection and the body.
  case tabInFramingField
  case missingHost
  case repeatedHost
  case invalidHost
  case invalidConnection
  case connectionTooLong
  case emptyContentLength
  case signedContentLength
  case listedContentLength
  case invalidContentLength
  case repeatedContentLength
  case contentLengthOverflow
  case contentLengthWithTransferEncoding
  case unsupportedTransferCoding
  case repeatedTransferEncoding
  case transferEncodingBeforeHTTP11
  case contentWithConnect
  // Chunks and trailers.
  case invalidChunkSize
  case chunkSizeOverflow
  case chunkLineTooLong
  case invalidChunkExtension
  case chunkOverheadTooLarge
  case missingCRLFAfterChunk
  case trailersTooLarge
  case forbiddenTrailer
}

extension FramingViolation: CustomStringConvertible {
  package var description: String {
    switch self {
    case .bareCR: "a carriage return is not followed by a line feed"
    case .bareLF: "a line ends with a line feed alone"
    case .nul: "a NUL byte stands in the message framing"
    case .controlCharacter: "a control character stands in the message framing"
    case .emptyStartLine: "an empty line stands where a start line belongs"
    case .invalidMethod: "the method is empty or not a token"
    case .invalidTarget: "the request target is empty, malformed or holds a byte that must be percent-encoded"
    case .targetNotForMethod: "the form of the request target does not belong to the method"
    case .invalidVersion: "the start line does not end in, or begin with, a well-formed HTTP version"
    case .unsupportedVersion: "the HTTP version is neither 1.0 nor 1.1"
    case .invalidStatusLine: "the status line holds no status code of three digits from 100 up"
    case .unexpectedUpgrade: "the server switches protocols although nobody asked for it"
    case .emptyFieldName: "a field line has no name"
    case .invalidFieldName: "a field name holds a byte that is not allowed in a token"
    case .missingColon: "a field line has no colon"
    case .spaceBeforeColon: "whitespace stands between a field name and its colon"
    case .foldedLine: "a line begins with whitespace, as folded field lines once did"
    case .headTooLarge: "the message head is larger than the limit"
    case .tooManyFields: "there are more field lines than the limit"
    case .unterminatedHead: "the message head does not end in an empty line"
    case .bytesAfterHead: "bytes follow the empty line that ends the message head"
    case .tabInFramingField: "a tab stands in a field that frames or routes the message"
    case .missingHost: "an HTTP/1.1 request has no Host field"
    case .repeatedHost: "a request has more than one Host field"
    case .invalidHost: "the Host field is empty or not a host with an optional port"
    case .invalidConnection: "the Connection field is not a list of tokens"
    case .connectionTooLong: "the Connection fields are longer than the limit"
    case .emptyContentLength: "Content-Length has no value"
    case .signedContentLength: "Content-Length has a sign"
    case .listedContentLength: "Content-Length is a list"
    case .invalidContentLength: "Content-Length is not a decimal number"
    case .repeatedContentLength: "there is more than one Content-Length field"
    case .contentLengthOverflow: "Content-Length is larger than any length that can be counted"
    case .contentLengthWithTransferEncoding: "Content-Length and Transfer-Encoding are both present"
    case .unsupportedTransferCoding: "Transfer-Encoding is not exactly chunked"
    case .repeatedTransferEncoding: "there is more than one Transfer-Encoding field"
    case .transferEncodingBeforeHTTP11: "Transfer-Encoding is used in an HTTP/1.0 message"
    case .contentWithConnect: "a CONNECT request announces a body"
    case .invalidChunkSize: "a chunk size is empty or not a hexadecimal number"
    case .chunkSizeOverflow: "a chunk size is larger than any length that can be counted"
    case .chunkLineTooLong: "a chunk-size line is longer than the limit"
    case .invalidChunkExtension: "a chunk extension is malformed"
    case .chunkOverheadTooLarge: "chunk framing outweighs the payload by more than the limit"
    case .missingCRLFAfterChunk: "a chunk's payload is not followed by a line ending"
    case .trailersTooLarge: "the trailer section is larger than the limit"
    case .forbiddenTrailer: "a trailer tries to change how the message is framed, routed or authorised"
    }
  }
}
