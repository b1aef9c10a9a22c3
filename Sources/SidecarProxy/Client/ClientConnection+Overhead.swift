/// The time that Crossfade itself takes of an exchange: measured of some, and never an arm's.

import RolloutJudge

extension ClientConnection {
  func noteRequestSent(_ exchange: Exchange) {
    guard exchange.overhead != nil else { return }
    loop.whenWritten { now in exchange.overhead? += now.nanoseconds - exchange.readAt.nanoseconds }
  }

  /// Once the last bytes of the answer are written: how long they were held up, and the request before them.
  func noteAnswerSent() {
    guard let exchange, exchange.overhead != nil else { return }
    let readAt = loop.now()
    loop.whenWritten { [loop] now in
      guard let overhead = exchange.overhead else { return }
      loop.record(.overhead(exchange.arm, nanoseconds: overhead + now.nanoseconds - readAt.nanoseconds))
    }
  }
}
