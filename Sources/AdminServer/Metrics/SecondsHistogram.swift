/// A histogram of durations as Prometheus adds it up: counts below fixed bounds in seconds, their sum, and how many.

package struct SecondsHistogram: Sendable, Equatable {
  /// From a quick refusal to the ten minutes that the longest answers of models may take.
  package static let bounds = [
    0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600,
  ]

  /// By bound; the last is of what is beyond all of them.
  private var counts = Array(repeating: 0, count: bounds.count + 1)
  private var sum = 0.0

  package init() {}

  package mutating func record(nanoseconds: Int64) {
    let seconds = Double(max(0, nanoseconds)) / 1e9
    counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
    sum += seconds
  }

  /// `_bucket` with `le`, `_sum` and `_count`, each with the labels of the whole.
  package func samples(_ labels: KeyValuePairs<String, String>) -> [MetricFamily.Sample] {
    var samples: [MetricFamily.Sample] = []
    var below = 0
    for (place, count) in counts.enumerated() {
      below += count
      var sample = MetricFamily.Sample(labels, Double(below), suffix: "_bucket")
      let bound = place < Self.bounds.count ? Exposition.number(Self.bounds[place]) : "+Inf"
      sample.labels.append(MetricFamily.Label(name: "le", value: bound))
      samples.append(sample)
    }
    return samples + [
      MetricFamily.Sample(labels, sum, suffix: "_sum"), MetricFamily.Sample(labels, Double(below), suffix: "_count"),
    ]
  }
}
