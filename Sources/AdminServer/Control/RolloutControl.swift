/// The part of the rollout that the endpoints need; the program answers it, tests answer it with values.

package import RolloutJudge

package protocol RolloutControl: Sendable {
  func status() async -> RolloutStatus

  /// The playbook's stages in order; shown on `/status` as `stages`. Empty: it does not say.
  func stageNames() async -> [String]

  /// - Parameters:
  ///   - seq: only decisions after it; nil: the newest ones.
  ///   - limit: at most so many; nil: as many as the control likes to give.
  /// - Returns: newest last.
  func decisions(after seq: Int?, limit: Int?) async throws -> [Decision]

  /// The compared pairs that are kept, as a JSON list without bodies, or those of one exchange with them.
  ///
  /// - Returns: nil where the exchange that is asked for has none.
  func diffs(_ query: DiffsQuery) async throws -> [UInt8]?

  /// Journaled before it takes effect.
  /// - Throws: `CommandRefusal` where it has moved since the person looked, or its state does not allow it.
  func perform(_ order: CommandOrder) async throws -> Decision

  /// Journaled before it takes effect.
  /// - Throws: `PlaybookRefusal` for a playbook that is wrong in itself, `CommandRefusal` where it cannot take the place of
  ///   the one in force.
  func apply(_ order: PlaybookOrder) async throws -> PlaybookAnswer

  /// - Returns: how many of the outcomes belong to an exchange that is still remembered.
  /// - Throws: `CommandRefusal` where one names an arm that there is not; then none is taken.
  func report(_ outcomes: [ReportedOutcome]) async throws -> Int

  func readiness() async -> Readiness

  /// Why nothing can be journaled, shown on `/status`; nil while it can.
  func journalProblem() async -> String?

  /// The processes that share the rollout; nil where there is one.
  func fleet() async -> FleetStatus?

  /// Counters of other parts, shown on `/metrics` beside the rollout's own.
  func metrics() async -> [MetricFamily]
}

extension RolloutControl {
  package func stageNames() async -> [String] { [] }

  package func journalProblem() async -> String? { nil }

  package func fleet() async -> FleetStatus? { nil }

  package func apply(_ order: PlaybookOrder) async throws -> PlaybookAnswer {
    throw CommandRefusal(.playbookRefused, "this process takes no other playbook")
  }
}

/// The application's word on what became of an exchange.
package struct ReportedOutcome: Sendable, Equatable {
  /// The exchange's `x-crossfade-id`.
  package var id: String
  /// The name of the one whose answer it speaks of; nil: the one that the application got.
  package var arm: String?
  /// Nil where an evaluator gives a value alone.
  package var success: Bool?
  package var value: Double?

  package init(id: String, arm: String? = nil, success: Bool?, value: Double? = nil) {
    self.id = id
    self.arm = arm
    self.success = success
    self.value = value
  }
}

package enum Readiness: Sendable, Equatable {
  case ready
  case notReady(reason: String)
}
