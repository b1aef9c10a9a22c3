/// Bills as metric families: what was billed beside what answers told, to alert on where they drift apart.

import RolloutJudge

extension RolloutStatus {
  var billFamilies: [MetricFamily] {
    let bills = arms.sorted { $0.key < $1.key }.compactMap { arm, figures in
      figures.reconciliation.map { (arm: arm, bills: $0) }
    }
    guard !bills.isEmpty else { return [] }
    func family(
      _ name: String, _ help: String, _ kind: MetricFamily.Kind = .counter, _ value: (Reconciliation) -> Double?
    ) -> MetricFamily {
      MetricFamily(
        name: name, help: help, kind: kind,
        samples: bills.compactMap { arm, bills in value(bills).map { .init(["arm": arm], $0) } })
    }
    return [
      family("crossfade_bill_questions_total", "Questions after what an answer was billed.") { Double($0.asked) },
      MetricFamily(
        name: "crossfade_bill_answers_total", help: "Answers that were asked after, by what came of it.",
        kind: .counter,
        samples: bills.flatMap { arm, bills in
          [("billed", bills.answered), ("missing", bills.missing), ("dropped", bills.dropped)].map { result, count in
            .init(["arm": arm, "result": result], Double(count))
          }
        }),
      family("crossfade_billed_dollars_total", "Billed for answers that had told their cost, USD.") { $0.billed ?? 0 },
      family("crossfade_billed_told_dollars_total", "What these answers had told, USD.") { $0.streamed ?? 0 },
      family("crossfade_bill_drift", "Billed beyond told, as a share.", .gauge) { $0.drift },
      family("crossfade_billed_untold_dollars_total", "Billed for answers that had told no cost, USD.") {
        $0.found ?? 0
      },
      family("crossfade_bills_asked", "1 while bills are asked for.", .gauge) { $0.state == .asking ? 1 : 0 },
    ]
  }
}
