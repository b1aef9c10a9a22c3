/// What the guards learn from an attempt that has ended.

import Dialects
import Guards
import NIOCore
import RolloutJudge

extension LoopState {
  func note(_ end: AttemptEnd, _ meter: AttemptMeter, _ guards: LoopGuards) {
    guard let guarded = meter.guarded else { return }
    guarded.cost = end.cost
    if !guarded.limitKeys.isEmpty, let cost = end.cost ?? end.costAtMost {
      guards.spent(cost, by: guarded.limitKeys, end.at)
    }
    guard end.outcome.isOk else { return }
    if end.population == .retry { noteGuard { $0.retriesHelped += 1 } }
    if end.population == .failover { noteGuard { $0.failoversHelped += 1 } }
  }
}
