/// The guards of a playbook: what stands between the application and its arms before any of them is paid. All of it opt-in.

package import TrafficSplit

package struct GuardPolicy: Sendable, Equatable {
  package var idempotency: Idempotency?
  package var duplicates: Duplicates?
  package var retries: Retries?
  package var retryCap: RetryCapPolicy?
  package var queue: QueuePolicy?
  package var failover: Failover?
  package var limits: [Limit]

  package init(
    idempotency: Idempotency? = nil, duplicates: Duplicates? = nil, retries: Retries? = nil,
    retryCap: RetryCapPolicy? = nil, queue: QueuePolicy? = nil, failover: Failover? = nil, limits: [Limit] = []
  ) {
    self.idempotency = idempotency
    self.duplicates = duplicates
    self.retries = retries
    self.retryCap = retryCap
    self.queue = queue
    self.failover = failover
    self.limits = limits
  }

  /// Whether requests can meet: their answers are kept, and they have to meet on one event loop.
  package var joins: Bool { idempotency != nil || duplicates != nil }

  /// Same key, same caller, same body: one upstream request.
  package struct Idempotency: Sendable, Equatable {
    /// Lower case.
    package var header: String
    /// How long an answer is kept once it is whole.
    package var window: Duration
    package var bounds: JoinBounds

    package init(header: String = "idempotency-key", window: Duration = .seconds(600), bounds: JoinBounds = .init()) {
      self.header = header
      self.window = window
      self.bounds = bounds
    }
  }

  /// Same caller, same body, soon after: a double click.
  package struct Duplicates: Sendable, Equatable {
    /// From the first one's arrival on.
    package var window: Duration
    /// One of them must match; empty: every request does.
    package var match: [[TrafficRule.Matcher]]

    package init(window: Duration = .seconds(2), match: [[TrafficRule.Matcher]] = []) {
      self.window = window
      self.match = match
    }

    package func concerns(_ request: some RequestAttributes) -> Bool {
      match.isEmpty || match.contains { TrafficRule(match: $0, weights: []).matches(request) }
    }
  }

  package struct Retries: Sendable, Equatable {
    /// Beyond the first attempt.
    package var max: Int
    package var on: Set<GuardTrigger>
    /// The first wait at most; it doubles.
    package var backoff: Duration
    /// Share of requests.
    package var budget: Double

    package init(
      max: Int = 2, on: Set<GuardTrigger> = Set(GuardTrigger.allCases), backoff: Duration = .milliseconds(500),
      budget: Double = 0.2
    ) {
      self.max = max
      self.on = on
      self.backoff = backoff
      self.budget = budget
    }
  }

  package struct RetryCapPolicy: Sendable, Equatable {
    package var per: Group
    /// Share of a caller's requests that may be repeats.
    package var share: Double

    package init(per: Group = .caller, share: Double = 0.2) {
      self.per = per
      self.share = share
    }
  }

  package struct QueuePolicy: Sendable, Equatable {
    package enum Limit: Sendable, Equatable {
      case fixed(Int)
      /// By the time to first token.
      case automatic
    }

    /// Requests of one arm at the same time.
    package var inFlight: Limit
    package var waiting: Int
    package var atMost: Duration
    /// Whose turns are the same; nil: in the order of arrival.
    package var fairBy: Group?

    package init(
      inFlight: Limit, waiting: Int = 500, atMost: Duration = .seconds(10), fairBy: Group? = nil
    ) {
      self.inFlight = inFlight
      self.waiting = waiting
      self.atMost = atMost
      self.fairBy = fairBy
    }
  }

  package struct Failover: Sendable, Equatable {
    package var on: Set<GuardTrigger>

    package init(on: Set<GuardTrigger> = Set(GuardTrigger.allCases)) { self.on = on }
  }

  /// What one kind of request may be and cost.
  package struct Limit: Sendable, Equatable {
    package enum Scope: Sendable, Equatable {
      /// All requests together.
      case everyone
      /// Each caller's own.
      case each(Group)
      /// Those with this value of a tag.
      case tag(index: Int, value: String)
    }

    package var scope: Scope
    /// USD a day (UTC).
    package var dollarsPerDay: Double?
    package var perMinute: Int?
    /// As messages call it: `team=search`, `caller`.
    package var name: String

    package init(scope: Scope, name: String, dollarsPerDay: Double? = nil, perMinute: Int? = nil) {
      self.scope = scope
      self.name = name
      self.dollarsPerDay = dollarsPerDay
      self.perMinute = perMinute
    }
  }
}

/// What requests are told apart by.
package enum Group: Sendable, Equatable {
  /// The credentials that the request brings.
  case caller
  /// Index in the playbook's tags.
  case tag(Int)
}

/// How much is kept so that requests can share an answer.
package struct JoinBounds: Sendable, Equatable {
  package var answers: Int
  /// Of all kept answers together.
  package var bytes: Int
  /// At one answer at the same time, beside the first.
  package var joiners: Int

  package init(answers: Int = 10_000, bytes: Int = 64 << 20, joiners: Int = 100) {
    self.answers = answers
    self.bytes = bytes
    self.joiners = joiners
  }

  /// A single answer may have as much of it.
  package var answerBytes: Int { Swift.max(1 << 10, bytes / 8) }
}

/// A failure that something else may be tried after, before the client has anything of an answer.
package enum GuardTrigger: String, Sendable, CaseIterable {
  case connect
  case timeout
  case rateLimited = "429"
  case serverError = "5xx"

  /// - Parameter status: of an answer's head.
  package init?(status: Int) {
    switch status {
    case 429: self = .rateLimited
    case 500...599: self = .serverError
    default: return nil
    }
  }
}
