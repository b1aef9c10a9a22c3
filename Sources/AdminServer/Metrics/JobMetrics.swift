/// The jobs of arms that make pictures and videos by them, as metric families.

import RolloutJudge

extension RolloutStatus {
  /// Empty where no arm has made anything by a job.
  var jobFamilies: [MetricFamily] {
    let jobs = arms.sorted { $0.key < $1.key }.flatMap { arm, figures in
      [("live", figures.live), ("shadow", figures.shadow)].compactMap { population, figures in
        figures.jobs.map { (arm: arm, population: population, jobs: $0) }
      }
    }
    guard !jobs.isEmpty else { return [] }
    func family(
      _ name: String, _ help: String, _ kind: MetricFamily.Kind, by label: String = "",
      _ values: (Jobs) -> [(String, Double?)]
    ) -> MetricFamily {
      let samples = jobs.flatMap { entry in
        values(entry.jobs).compactMap { word, value -> MetricFamily.Sample? in
          guard let value else { return nil }
          var sample = MetricFamily.Sample(["arm": entry.arm, "population": entry.population], value)
          if !label.isEmpty { sample.labels.append(MetricFamily.Label(name: label, value: word)) }
          return sample
        }
      }
      return MetricFamily(name: "crossfade_\(name)", help: help, kind: kind, samples: samples)
    }
    return [
      family("jobs_total", "Jobs created at a vendor.", .counter) { [("", Double($0.created))] },
      family("jobs_ended_total", "Jobs by what became of them.", .counter, by: "fate") {
        [
          ("succeeded", Double($0.succeeded)), ("failed", Double($0.failed)), ("called_off", Double($0.calledOff)),
        ]
      },
      family("job_promises_broken_total", "Videos that were promised and failed.", .counter) {
        [("", Double($0.failedAfterPromise))]
      },
      family("job_polls_total", "Questions after a job's state.", .counter) { [("", Double($0.polls))] },
      family(
        "job_result_seconds", "Quantiles of the time from a job's creation to its files.", .summary, by: "quantile"
      ) { [("0.5", $0.timeToResultP50.map { $0 / 1000 }), ("0.95", $0.timeToResultP95.map { $0 / 1000 })] },
      family("job_vendor_seconds", "Quantiles of the time that the vendor counts.", .summary, by: "quantile") {
        [("0.5", $0.vendorTimeP50.map { $0 / 1000 })]
      },
      family("job_asset_cost_dollars", "Mean known cost of a picture or video, USD.", .gauge) {
        [("", $0.costPerAsset)]
      },
      family("jobs_wasted_total", "Jobs of which nobody got anything.", .counter, by: "billed") {
        [("yes", Double($0.wasted)), ("possibly", Double($0.possiblyBilled))]
      },
      family(
        "job_waste_dollars_total", "Cost of jobs of which nobody got anything, USD; of possibly billed ones at most.",
        .counter, by: "billed"
      ) { [("yes", $0.waste), ("possibly", $0.wasteAtMost)] },
    ]
  }
}
