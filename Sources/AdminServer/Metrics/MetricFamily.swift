/// One metric with all its labelled values, as Prometheus groups them.

package struct MetricFamily: Sendable, Equatable {
  /// `crossfade_…`, with its unit last, and `_total` after it on a counter.
  package var name: String
  package var help: String
  package var kind: Kind
  package var samples: [Sample]

  package enum Kind: String, Sendable { case counter, gauge, histogram, summary }

  package struct Sample: Sendable, Equatable {
    package var labels: [Label]
    package var value: Double
    /// Of the family's name, such as `_bucket`.
    package var suffix: String

    package init(_ labels: KeyValuePairs<String, String> = [:], _ value: Double, suffix: String = "") {
      self.suffix = suffix
      self.labels = labels.map { Label(name: $0.key, value: $0.value) }
      self.value = value
    }
  }

  package struct Label: Sendable, Hashable {
    package var name: String
    package var value: String
  }

  package init(name: String, help: String, kind: Kind, samples: [Sample]) {
    self.name = name
    self.help = help
    self.kind = kind
    self.samples = samples
  }
}
