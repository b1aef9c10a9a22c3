/// One request as the gateway saw it, and how its answer ended: what tests look at.
package import NIOCore

package struct ReceivedRequest: Sendable {
  package enum AnswerState: Sendable, Equatable {
    /// Still being answered, or hanging on purpose.
    case pending
    /// The kernel has taken the last byte of a complete answer.
    case complete
    /// The fault ended it short of complete.
    case cut
    /// The peer closed before the answer was complete.
    case abandoned
  }

  /// The request's number from 1, in the order in which heads arrived, since the gateway started.
  package let serial: Int
  /// The connection's number from 1, in the order of accepts.
  package let connection: Int
  package let method: String
  package let target: String
  /// The headers as they came: order, case and repetition kept.
  package let headers: [(name: String, value: String)]
  package let body: ByteBuffer
  /// False where the answer began, or the peer left, before the end of the body.
  package let bodyIsWhole: Bool
  package let fault: Fault
  package internal(set) var state: AnswerState

  package var bodyBytes: [UInt8] { Array(body.readableBytesView) }
  package var bodyText: String { String(buffer: body) }
  package var peerLeft: Bool { state == .abandoned }

  /// Every value of the header, in order; the name's case is ignored.
  package func values(_ name: String) -> [String] {
    headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
  }
}
