/// The result of one request by libcurl: when each phase ended, who answered, and what.

import Dialects

struct Transfer: Sendable {
  var times: TransferTimes
  /// Nil where no head came.
  var status: Int?
  /// `1.1`, `2`; nil where no head came.
  var httpVersion: String?
  var remoteAddress: String?
  /// 0 where a connection was used that was open already.
  var openedConnections: Int
  /// The arm's own first; empty without TLS, and where it was not accepted.
  var certificates: [Certificate]
  var body: [UInt8]
  /// The form of an answer that was read as a model's.
  var facts: AnswerFacts?
  var failure: TransferFailure?
  /// Where the answer sends whoever asked.
  var location: String?

  /// The address alone, as one compares it.
  var remoteHost: String? {
    guard let remoteAddress, let colon = remoteAddress.lastIndex(of: ":") else { return nil }
    return String(remoteAddress[..<colon].filter { $0 != "[" && $0 != "]" })
  }
}

/// Moments of one transfer, each since it began.
struct TransferTimes: Sendable, Equatable {
  var nameLookup: Duration = .zero
  var connect: Duration = .zero
  /// Zero without TLS.
  var handshake: Duration = .zero
  /// The connection is there and the request is about to be written.
  var ready: Duration = .zero
  var firstByte: Duration = .zero
  /// Nil where no content came.
  var firstToken: Duration?
  var total: Duration = .zero
}

/// Why a transfer came to nothing.
package struct TransferFailure: Error, Sendable, Equatable {
  package enum Kind: String, Sendable {
    case dns, connect, tls, timeout, reset
    /// The arm sent what is not HTTP, or ended within an answer.
    case broken
    case tooLarge = "too_large"
    case cancelled
    /// The machine, not the arm: a file that cannot be read, no memory.
    case local
  }

  package var kind: Kind
  /// In words, without secrets.
  package var text: String

  package init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }
}
