/// Why an attempt brought no whole answer, and what that means for the client, the ledger and the safety net.

import Dialects
import RolloutJudge

enum AttemptFailure: Equatable {
  /// Connect, DNS or TLS failed, the arm reset before its head, or what it sent was not one unambiguous answer.
  case unreachable(String)
  case timedOut
  /// The connection ended inside the answer.
  case cut
  /// All connections this process may hold to the arm are in use.
  case exhausted
  /// A candidate's answer would send the client, its key and its prompt to another address.
  case redirected(Int)
  /// It answered with this status, and what it said besides is not known any more.
  case refused(Int)

  /// The status that Crossfade answers with where it must answer itself.
  var status: Int {
    switch self {
    case .unreachable, .cut, .redirected: 502
    case .timedOut: 504
    case .exhausted: 503
    case .refused(let status): status
    }
  }

  var transport: TransportEnd {
    switch self {
    case .unreachable, .exhausted: .unreachable
    case .timedOut: .timedOut
    case .cut: .cut
    case .redirected, .refused: .complete
    }
  }
}
