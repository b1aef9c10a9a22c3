/// The rollout's status as metric families: what to graph and to alert on beside Crossfade's own decisions.

import RolloutJudge

extension RolloutStatus {
  var metricFamilies: [MetricFamily] {
    stageFamilies + guardFamilies + figureFamilies + jobFamilies + billFamilies
  }

  private var stageFamilies: [MetricFamily] {
    [
      MetricFamily(
        name: "crossfade_stage_info", help: "The stage that the rollout is in; always 1.", kind: .gauge,
        samples: [.init(["rollout": rollout, "stage": stage, "state": state.rawValue], 1)]),
      MetricFamily(
        name: "crossfade_stage_index", help: "The stage's place in the playbook, from 0.", kind: .gauge,
        samples: [.init([:], Double(stageIndex))]),
      MetricFamily(
        name: "crossfade_stages", help: "Stages of the playbook.", kind: .gauge,
        samples: [.init([:], Double(stageCount))]),
      MetricFamily(
        name: "crossfade_stage_since_timestamp_seconds", help: "When the stage was entered, since 1970.", kind: .gauge,
        samples: [.init([:], Double(since.nanoseconds / 1_000_000) / 1000)]),
      MetricFamily(
        name: "crossfade_weight", help: "Share of live exchanges that a candidate answers, 0 to 1.", kind: .gauge,
        samples: weights.sorted { $0.key < $1.key }.map { .init(["candidate": $0.key], $0.value) }),
      MetricFamily(
        name: "crossfade_last_decision_seq", help: "The last decision's number in the journal.", kind: .gauge,
        samples: lastDecision.map { [.init([:], Double($0.seq))] } ?? []),
    ]
  }

  private var guardFamilies: [MetricFamily] {
    func family(_ name: String, _ help: String, _ value: (Guard) -> Double) -> MetricFamily {
      MetricFamily(
        name: name, help: help, kind: .gauge,
        samples: guards.map {
          .init(["candidate": $0.candidate, "metric": $0.metric.rawValue, "action": $0.action], value($0))
        })
    }
    return [
      family("crossfade_evidence", "Evidence against a candidate under one condition.") { $0.evidence },
      family("crossfade_threshold", "What the evidence must reach for the condition to be breached.") { $0.threshold },
      family("crossfade_breached", "Whether the condition is breached, 0 or 1.") { $0.state == .breached ? 1 : 0 },
    ]
  }

  private var figureFamilies: [MetricFamily] {
    let populations = arms.sorted { $0.key < $1.key }.flatMap { arm, figures in
      [(arm, "live", figures.live), (arm, "shadow", figures.shadow)]
    }
    return [
      MetricFamily(
        name: "crossfade_requests_total", help: "Attempts on an arm, by how they ended.", kind: .counter,
        samples: populations.flatMap { arm, population, figures in
          figures.outcomes.sorted { $0.key < $1.key }.map {
            .init(["arm": arm, "population": population, "outcome": $0.key], Double($0.value))
          }
        }),
      MetricFamily(
        name: "crossfade_error_rate", help: "Attempts that failed over attempts that count, 0 to 1.", kind: .gauge,
        samples: populations.compactMap { arm, population, figures in
          figures.errorRate.map { .init(["arm": arm, "population": population], $0) }
        }),
      MetricFamily(
        name: "crossfade_cost_dollars_total", help: "Known cost of an arm's attempts, USD.", kind: .counter,
        samples: populations.compactMap { arm, population, figures in
          figures.cost.map { .init(["arm": arm, "population": population], $0) }
        }),
      MetricFamily(
        name: "crossfade_assets_total", help: "Pictures that came, and videos whose making was taken on.",
        kind: .counter,
        samples: populations.flatMap { arm, population, figures in
          [("picture", figures.pictures), ("video", figures.videos)].compactMap { kind, count in
            count.map { .init(["arm": arm, "population": population, "kind": kind], Double($0)) }
          }
        }),
    ]
  }
}
