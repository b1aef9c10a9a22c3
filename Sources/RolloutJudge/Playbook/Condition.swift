/// What ends or pauses a rollout: a metric and the limits that must all be exceeded at the same time.

/// One line of `rollback_when` or `pause_when`. Breached when every limit it names is.
package struct Condition: Sendable, Equatable, Hashable {
  package var metric: Metric
  /// At most one of a kind, absolute ones first.
  package var limits: [Limit]

  package init(metric: Metric, limits: [Limit]) {
    self.metric = metric
    self.limits = limits
  }

  package init(metric: Metric, above: Double? = nil, ratioAbove: Double? = nil) {
    self.init(
      metric: metric, limits: [above.map { .above($0) }, ratioAbove.map { .ratioAbove($0) }].compactMap(\.self))
  }

  package var above: Double? { value(.above) }
  package var ratioAbove: Double? { value(.ratioAbove) }

  private func value(_ kind: Limit.Kind) -> Double? { limits.first { $0.kind == kind }?.value }
}

/// One bound on a metric, in the metric's own unit (a share from 0 to 1, milliseconds, USD) or as candidate over baseline.
package enum Limit: Sendable, Equatable, Hashable {
  case above(Double)
  case ratioAbove(Double)

  package enum Kind: String, Sendable, CaseIterable {
    case above
    case ratioAbove = "ratio_above"
  }

  package init(_ kind: Kind, _ value: Double) {
    switch kind {
    case .above: self = .above(value)
    case .ratioAbove: self = .ratioAbove(value)
    }
  }

  package var kind: Kind {
    switch self {
    case .above: .above
    case .ratioAbove: .ratioAbove
    }
  }

  package var value: Double {
    switch self {
    case .above(let value), .ratioAbove(let value): value
    }
  }
}
