/// Everything that steering asks of the world. Whoever feeds the machine carries them out in their order.

package import RolloutJudge

package enum SteeringEffect: Sendable {
  /// Answered by `stored` under the same number. One at a time.
  case ask(StoreWork, ticket: Int)
  /// A rollback that is in force goes before everything else to wherever it survives; answered by `kept`.
  case keep(Decision)
  /// The store that was opened last is the one to use.
  case useStore
  /// The store is damaged: it is closed in its turn.
  case letGoOfStore
  /// Answered by `adopted`.
  case publish(Course)
  /// Everything that follows the playbook is exchanged before anything else happens, then the loops are told; answered by `adopted`.
  case replace(Replacement, Course)
  case tell(Decision)
  /// In force here, and told to the world by the replica that made it.
  case hear(Decision)
  case answer(SteeringAnswer, ticket: Int)
  case remark(SteeringRemark)
}

/// What the traffic follows: a later one has a greater number.
package struct Course: Sendable, Equatable {
  package var number: Int
  package var directive: Directive
  package var budgets: SpentBudgets
}

package struct Replacement: Sendable {
  package var playbook: Playbook
  package var decision: Decision
}

package enum SteeringAnswer: Sendable {
  case decided(Decision)
  case refused(CommandRefusal)
  /// To an offered playbook. The decision is nil where it is in force already, or was only asked about.
  case change(changed: [String], isChange: Bool, seq: Int, stage: String, Decision?)
}

/// What the operator is told beside decisions.
package enum SteeringRemark: Sendable, Equatable {
  case storeFailed(String)
  case storeRecovered(after: Duration)
  /// The rollout goes on where this decision of the journal left it.
  case restored(seq: Int, state: RolloutState, stage: String, weights: [String: Double])
  /// Told before as not journaled yet.
  case journaledLate(Decision)
  /// The fleet follows another playbook than this replica.
  case estranged(String)
}
