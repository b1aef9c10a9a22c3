/// Retries: what failed is remembered, and who sends it again blames the arm that it was assigned to.

import RolloutJudge
import TrafficSplit

extension ClientConnection {
  /// A request has been read. Nothing is looked up for one whose client says that it is none, nor while nothing has failed.
  func noteRetry(_ exchange: Exchange, at now: Int64) {
    let says = exchange.request.saysRetry
    let failure = failureRetried(by: exchange, says, at: now)
    exchange.isRetry = says ?? (failure != nil)
    exchange.retriesUnknown = says == true && failure == nil
    if let failure { blame(failure) }
  }

  private func failureRetried(by exchange: Exchange, _ says: Bool?, at now: Int64) -> RetryMemory.Failure? {
    guard says ?? !loop.retries.isEmpty, !(loop.retries.isEmpty && loop.departures.isEmpty) else { return nil }
    let fingerprint = exchange.fingerprint
    if let failure = loop.retries.failure(of: fingerprint, at: now) {
      loop.retries.blamed(fingerprint)
      return failure
    }
    guard says == true, let failure = loop.departures.failure(of: fingerprint, at: now) else { return nil }
    loop.departures.blamed(fingerprint)
    return failure
  }

  /// What the client says that it sends again failed where nobody saw it, on another loop or before a restart: as far as can be
  /// known, where it is sent now.
  func blameOwn(_ exchange: Exchange) {
    guard exchange.retriesUnknown, exchange.request.endpoint != nil else { return }
    loop.record(.retried(exchange.assignment.arm, exchange: exchange.id.bits, at: exchange.readAt))
  }

  private func blame(_ failure: RetryMemory.Failure) {
    guard let arm = failure.arm else { return }
    loop.record(.retried(arm, exchange: failure.exchange, at: loop.instant(loop.time)))
  }

  /// The application got no answer that it can use.
  func rememberFailure(_ exchange: Exchange) {
    guard exchange.fingerprint != 0 else { return }
    loop.retries.remember(exchange.fingerprint, failure(exchange))
  }

  /// The client left before there was an answer. Where it counts its retries, the next one says whether it gave this one up.
  func rememberDeparture(_ exchange: Exchange) {
    guard exchange.request.saysRetry != nil, exchange.fingerprint != 0 else { return }
    loop.departures.remember(exchange.fingerprint, failure(exchange))
  }

  private func failure(_ exchange: Exchange) -> RetryMemory.Failure {
    RetryMemory.Failure(at: loop.time, exchange: exchange.id.bits, arm: exchange.countsFor)
  }
}
