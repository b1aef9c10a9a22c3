/// How a connection ended under a request that had no answer yet, and whether the arm can have read the request.

import RolloutJudge

struct ConnectionLoss: Equatable {
  var reason: String
  /// A byte of an answer had arrived.
  var sawBytes: Bool
  /// Another request had been answered on it before.
  var wasReused: Bool
  /// The arm is known to have closed it before the request could reach it.
  var wasUnread: Bool
  /// Nanoseconds for which it had been idle before this request.
  var idled: Int64
  /// For how long, in nanoseconds, this arm has been seen to keep an idle connection at the least.
  var keptFor: Int64
  /// About as long as the arm's word takes to come, in nanoseconds.
  var roundTrip: Int64

  /// Whether the arm had given the connection up before the request came. Where the sockets do not prove it: it had been
  /// idle for as long as this arm keeps one, and its end came at once. An arm that closes what it has just used has read
  /// the request and failed.
  /// - Parameter waited: nanoseconds since the request was sent.
  func isStale(after waited: Int64, _ limits: ProxyLimits) -> Bool {
    guard wasReused, !sawBytes else { return false }
    guard !wasUnread else { return true }
    guard waited <= max(roundTrip, limits.staleWithin.nanoseconds) else { return false }
    // A part of it: what was seen is a sample, and the arm's clock began sooner.
    return idled >= min(limits.staleIdle.nanoseconds, keptFor / 4)
  }
}
