/// What the guards remember of one exchange; an exchange without guards has none of it.

import Dialects
import Guards
import NIOCore

final class GuardedExchange {
  /// The limits that concern it.
  var limitKeys: [LimitTable.Key] = []
  /// Whose turn it takes in a queue.
  var group: UInt64 = 0
  /// Its client's place at a shared answer.
  var seat: FlightSeat?
  /// Who has its attempts where the answer is shared, whether its own client still waits or not.
  weak var flight: Flight?
  var recourse: Recourse?
  /// Waiting in the queue of an arm.
  var turn: ArmQueue.Turn?
  /// Nobody waits for it: what was planned is not done.
  private(set) var isAbandoned = false

  func attempt() -> GuardedAttempt { GuardedAttempt(limitKeys: limitKeys) }

  func abandon() {
    isAbandoned = true
    turn?.giveUp()
    turn = nil
  }
}

extension Exchange {
  /// Whether the time that it is held up is Crossfade's own: to wait for a turn, or for others, is not.
  var isMeasured: Bool { request.endpoint != nil && guarded == nil }

  /// Its client has left: others may still wait for the answer.
  func leave() { if let seat = guarded?.seat { seat.leave() } else { abandon() } }

  /// Its client takes more of the answer.
  func resume() { if let seat = guarded?.seat { seat.resume() } else { attempt?.resumeReading() } }

  /// Nobody waits for an answer: what is under way is cut off, and what was planned is not done.
  func abandon() {
    guarded?.abandon()
    attempt?.cancel(.clientGone)
  }
}

/// What the guards are to learn of an attempt of it.
final class GuardedAttempt {
  /// The limits that its cost is charged to.
  let limitKeys: [LimitTable.Key]
  /// USD, once it has ended and where that is known.
  var cost: Double?

  init(limitKeys: [LimitTable.Key]) { self.limitKeys = limitKeys }
}
