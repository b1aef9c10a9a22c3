/// The page's tables: compatibility, decisions, every figure, and what is not known.

import RolloutJudge

extension RolloutReport {
  var compatibilitySection: [Markup] {
    var parts = [Markup.element("h2", [:], "Compatibility")]
    if inventory.requests > 0 {
      parts.append(
        .element(
          "p", ["class": "quiet"],
          "\(FigureFormat.counted(inventory.requests, "live request")) read: their fields, and what becomes of them. "
            + "Fields that always come together cannot be told apart."))
    }
    for table in [fieldTable, lostTable, unmappedTable, keptAwayTable] where !table.rows.isEmpty {
      parts.append(.table(table, style: "dense"))
    }
    return parts.count > 1 ? parts : parts + [.element("p", ["class": "quiet"], "No request has been read yet.")]
  }

  var billSection: [Markup] {
    guard !bills.isEmpty else { return [] }
    return [
      .element("h2", [:], "Billed"), .table(billTable, style: "dense"),
      .element("p", ["class": "quiet"], Self.billsExplanation),
    ]
  }

  var guardSection: [Markup] {
    guards == nil ? [] : [.element("h2", [:], "Guards"), .table(guardTable, style: "dense")]
  }

  var decisionSection: [Markup] {
    [.element("h2", [:], "Decisions")]
      + (decisions.isEmpty
        ? [.element("p", ["class": "quiet"], "None yet.")] : [.table(decisionTable, style: "dense")])
  }

  var figureSection: [Markup] {
    var parts = [Markup.element("h2", [:], "Figures")]
    parts.append(
      .element(
        "p", ["class": "quiet"],
        "Over the whole rollout, so that arms may have seen different hours. K1 to K20 name "
          + "the figures' definitions."))
    parts += figureTables.map { .table($0, style: "dense") }
    if !outcomeTable.rows.isEmpty { parts.append(.table(outcomeTable, style: "dense")) }
    for breakdown in breakdowns {
      parts += [.element("h3", [:], "By \(breakdown.by)"), .table(table(of: breakdown), style: "dense")]
    }
    return parts
  }

  var closingSection: [Markup] {
    [
      .element("h2", [:], "Not measured"),
      .element("ul", [:], notMeasured.map { .element("li", [:], $0) }),
      .element("p", ["class": "quiet"], "Made by Crossfade, \(Self.minute(generatedAt))."),
    ]
  }
}

extension RolloutState {
  var words: String {
    switch self {
    case .running: "running"
    case .paused: "paused"
    case .completed: "completed"
    case .aborted: "aborted"
    case .rolledBack: "rolled back"
    }
  }

  var tone: String {
    switch self {
    case .running: ""
    case .completed: "good"
    case .paused: "warn"
    case .aborted, .rolledBack: "bad"
    }
  }
}

extension Finding.Conclusion {
  var words: String {
    switch self {
    case .better: "better"
    case .worse: "worse"
    case .undecided: "no difference shown"
    case .unknown: "not known"
    }
  }

  var tone: String {
    switch self {
    case .better: "good"
    case .worse: "bad"
    case .undecided, .unknown: ""
    }
  }
}

extension CostLayer.Measured {
  var words: String {
    switch self {
    case .yes: "measured"
    case .partly: "partly measured"
    case .no: "not measured"
    }
  }

  var tone: String {
    switch self {
    case .yes: "good"
    case .partly: "warn"
    case .no: ""
    }
  }
}
