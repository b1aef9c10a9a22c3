/// One way in which an answer goes wrong, down to the bytes of the connection.
package enum Fault: Sendable, Equatable {
  case none
  /// RST right after accept; on a connection already in use, as `resetBeforeHead`.
  case refuse
  /// RST once the request is read.
  case resetBeforeHead
  /// Reads the request and closes in order without a word.
  case closeBeforeHead
  /// Reads the request and says nothing until the peer leaves.
  case hangBeforeHead
  /// Sends the head and then nothing.
  case hangAfterHead
  /// Stops after so many body bytes and keeps the connection open.
  case hangMidBody(afterBytes: Int)
  /// Sends all there is to say and never ends it.
  case hangAfterBody
  /// Closes in order after so many body bytes, short of the promised end.
  case cutMidBody(afterBytes: Int)
  /// RST after so many body bytes.
  case resetMidBody(afterBytes: Int)
  /// Closes inside the middle event of a stream, or inside a JSON body.
  case cutMidEvent
  /// The whole answer one byte at a time.
  case dripBytes(interval: Duration)
  /// A head of at least so many bytes.
  case oversizedHead(bytes: Int)
  /// A `Content-Length` off by so much; after too long a promise the connection closes, after too short a one it stays.
  case wrongLength(by: Int)
  /// Bytes that are not HTTP, then a close.
  case garbage
  /// 413 before the request body is read, then a close.
  case earlyResponse
  /// An answer padded with at least so many meaningless, valid bytes.
  case flood(bytes: Int)
  case status(Int, retryAfterSeconds: Int?)
  /// An error as JSON under status 200.
  case errorInBody
  /// A stream that breaks off with an error event after half of its content; JSON says `finish_reason: "error"`.
  case errorEvent
  /// Ends in order, but without finish reason and terminal event.
  case noTerminal
  /// Finishes without content.
  case empty
  /// Two `Content-Length` fields that disagree.
  case duplicateLength
  /// `Content-Length` beside `Transfer-Encoding: chunked`.
  case lengthAndChunked
  /// A chunk whose size is not a number.
  case badChunk
  /// `100 Continue`, asked for or not, before the answer.
  case hundredContinue
  /// `103 Early Hints` before the answer.
  case earlyHints
  /// A body that only the close ends, under `Connection: close`.
  case closeAfterAnswer
  /// Answers in HTTP/1.0 and closes.
  case http10
}
