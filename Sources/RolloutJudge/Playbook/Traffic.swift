/// How live requests are shared out and bounded: sticky keys, rules, the safety net's triggers, time-outs, sizes, shadowing.

package import Dialects
package import TrafficSplit

package struct Traffic: Sendable, Equatable {
  /// First present in the request wins; empty means every request is its own unit.
  package var sticky: [StickyKey]
  /// First match wins; a request that no rule matches uses the stage's weight.
  package var rules: [TrafficRule]
  package var fallback: Set<FallbackTrigger>
  package var safetyNet: SafetyNetHold
  package var timeouts: Timeouts
  /// Bytes. Larger requests go to the baseline unshadowed, streamed through.
  package var maxBodyBytes: Int
  /// Whether a request may name its arm with `x-crossfade-arm`.
  package var allowsOverride: Bool

  package init(
    sticky: [StickyKey] = [.conversation], rules: [TrafficRule] = [],
    fallback: Set<FallbackTrigger> = Set(FallbackTrigger.allCases), safetyNet: SafetyNetHold = SafetyNetHold(),
    timeouts: Timeouts = Timeouts(), maxBodyBytes: Int = 32 << 20, allowsOverride: Bool = false
  ) {
    self.sticky = sticky
    self.rules = rules
    self.fallback = fallback
    self.safetyNet = safetyNet
    self.timeouts = timeouts
    self.maxBodyBytes = maxBodyBytes
    self.allowsOverride = allowsOverride
  }
}

/// A canary that fails this way before its first token is answered by the baseline.
package enum FallbackTrigger: String, Sendable, CaseIterable {
  case connect
  case timeout
  case rateLimited = "429"
  case serverError = "5xx"
  case clientError = "4xx"
  /// Any redirect and "not modified"; a candidate's is never passed on, whatever is caught.
  case redirect = "3xx"
  /// An error under a status that says success.
  case errorInBody = "error_in_body"
  /// It came to its end with nothing of what was asked for.
  case empty
}

/// How long a canary's answer is held back, so that the baseline can still answer in its place.
package struct SafetyNetHold: Sendable, Equatable {
  package enum Until: String, Sendable, CaseIterable {
    /// Content, reasoning, a tool call or a picture.
    case firstToken = "first_token"
    /// Nothing is held: the answer's head decides.
    case head
  }

  package var until: Until
  /// Of a stream: from its head on.
  package var atMost: Duration
  /// Of an answer that is not streamed, or of what comes before a stream's first token.
  package var bytes: Int

  package init(until: Until = .firstToken, atMost: Duration = .seconds(5), bytes: Int = 64 << 10) {
    self.until = until
    self.atMost = atMost
    self.bytes = bytes
  }
}

/// Of candidates; the baseline is given what the client would wait.
package struct Timeouts: Sendable, Equatable {
  package var connect: Duration
  /// From the last request byte sent to the first byte of the answer's head.
  package var firstByte: Duration
  /// Between two bytes of an answer.
  package var idle: Duration
  /// From the first request byte to the last answer byte.
  package var total: Duration

  package init(
    connect: Duration = .seconds(2), firstByte: Duration = .seconds(60), idle: Duration = .seconds(60),
    total: Duration = .seconds(600)
  ) {
    self.connect = connect
    self.firstByte = firstByte
    self.idle = idle
    self.total = total
  }
}

package struct ShadowPolicy: Sendable, Equatable {
  /// Beyond it copies are dropped and counted, never queued.
  package var maxInFlight: Int
  /// USD a day (UTC); nil: no budget.
  package var dollarsPerDay: Double?
  /// Share of shadowed exchanges also repeated on the baseline.
  package var noise: Double
  /// Endpoints whose requests are copied; nil: all.
  package var endpoints: [Endpoint]?

  package init(
    maxInFlight: Int = 64, dollarsPerDay: Double? = nil, noise: Double = 0, endpoints: [Endpoint]? = nil
  ) {
    self.endpoints = endpoints
    self.maxInFlight = maxInFlight
    self.dollarsPerDay = dollarsPerDay
    self.noise = noise
  }
}
