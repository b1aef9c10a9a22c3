/// An exchange whose answers are to be compared, handed over once its last copy has ended: copies of the bytes, nothing
/// decoded.

package import Dialects
package import NIOCore
package import RolloutJudge

package struct CapturedExchange: Sendable {
  package var endpoint: Endpoint
  /// The request's body as the application sent it.
  package var request: ByteBuffer
  /// The caller's credentials, to be blotted out of whatever is kept.
  package var credentials: [String]
  package var baseline: CapturedAnswer
  /// Answers of candidates (population `shadow`) and of the baseline asked again (`noise`), in the order of their ends.
  package var copies: [CapturedAnswer]

  package init(
    endpoint: Endpoint, request: ByteBuffer, credentials: [String] = [], baseline: CapturedAnswer,
    copies: [CapturedAnswer]
  ) {
    self.endpoint = endpoint
    self.request = request
    self.credentials = credentials
    self.baseline = baseline
    self.copies = copies
  }
}

package struct CapturedAnswer: Sendable {
  package var end: AttemptEnd
  /// Nil where no head came.
  package var status: Int?
  package var contentType: String
  /// The coding that the head names, lower-case; empty for none.
  package var contentEncoding: String
  /// The payload in the pieces that came: without chunk framing, still encoded.
  package var body: [ByteBuffer]
  /// Longer than may be kept: `body` is only its beginning.
  package var isCut: Bool
  /// Its dialect, where that is not the application's.
  package var spoken: Endpoint?

  package init(
    end: AttemptEnd, status: Int?, contentType: String, contentEncoding: String, body: [ByteBuffer], isCut: Bool,
    spoken: Endpoint? = nil
  ) {
    self.end = end
    self.status = status
    self.contentType = contentType
    self.contentEncoding = contentEncoding
    self.body = body
    self.isCut = isCut
    self.spoken = spoken
  }
}
