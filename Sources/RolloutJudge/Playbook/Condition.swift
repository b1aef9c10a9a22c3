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

  package init(
    metric: Metric, above: Double? = nil, ratioAbove: Double? = nil, below: Double? = nil, ratioBelow: Double? = nil
  ) {
    self.init(
      metric: metric,
      limits: [
        above.map { .above($0) }, below.map { .below($0) }, ratioAbove.map { .ratioAbove($0) },
        ratioBelow.map { .ratioBelow($0) },
      ].compactMap(\.self))
  }

  package var above: Double? { value(.above) }
  package var below: Double? { value(.below) }
  package var ratioAbove: Double? { value(.ratioAbove) }
  package var ratioBelow: Double? { value(.ratioBelow) }
  package var hasRatio: Bool { limits.contains { $0.kind.isRatio } }

  /// As decisions record them.
  package var stated: Decision.Limits {
    Decision.Limits(above: above, ratioAbove: ratioAbove, below: below, ratioBelow: ratioBelow)
  }

  private func value(_ kind: Limit.Kind) -> Double? { limits.first { $0.kind == kind }?.value }
}

/// One bound on a metric, in the metric's own unit (a share from 0 to 1, milliseconds, USD) or as candidate over baseline.
package enum Limit: Sendable, Equatable, Hashable {
  case above(Double)
  case below(Double)
  case ratioAbove(Double)
  case ratioBelow(Double)

  package enum Kind: String, Sendable, CaseIterable {
    case above
    case below
    case ratioAbove = "ratio_above"
    case ratioBelow = "ratio_below"

    package var isRatio: Bool { self == .ratioAbove || self == .ratioBelow }
  }

  package init(_ kind: Kind, _ value: Double) {
    switch kind {
    case .above: self = .above(value)
    case .below: self = .below(value)
    case .ratioAbove: self = .ratioAbove(value)
    case .ratioBelow: self = .ratioBelow(value)
    }
  }

  package var kind: Kind {
    switch self {
    case .above: .above
    case .below: .below
    case .ratioAbove: .ratioAbove
    case .ratioBelow: .ratioBelow
    }
  }

  package var value: Double {
    switch self {
    case .above(let value), .below(let value), .ratioAbove(let value), .ratioBelow(let value): value
    }
  }
}
