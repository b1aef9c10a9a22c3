/// The status as a screen of text: stage, weights, arms, evidence against what is needed, the last decision.

import Foundation
import RolloutJudge

struct StatusScreen {
  let status: RolloutStatus
  let inColour: Bool
  var glyphs = Glyphs.unicode

  init(_ status: RolloutStatus, inColour: Bool) {
    self.status = status
    self.inColour = inColour
  }

  var lines: [String] { styledLines.map { $0.text(inColour: inColour) } }

  private var styledLines: [StyledLine] {
    var lines = [headline, place] + behind + [StyledLine(), heading]
    for (name, figures) in status.arms.sorted(by: { armOrder($0.key) < armOrder($1.key) }) {
      lines.append(row(name, weight: status.weights[name], figures.live))
      lines += jobs(figures.live)
      if figures.shadow.requests > 0 || figures.dropped > 0 {
        var shadow = row("  in shadow", weight: nil, figures.shadow)
        if figures.dropped > 0 { shadow.append("  \(FigureText.count(figures.dropped)) dropped", .caution) }
        lines.append(shadow)
        lines += jobs(figures.shadow)
      }
    }
    lines += bills + models + takenModels + eligibility
    if !status.guards.isEmpty { lines += [StyledLine()] + GuardLine.table(status.guards, glyphs: glyphs) }
    if let last = status.lastDecision {
      lines += [StyledLine(), StyledLine("last  ", .dim) + StyledLine(last.message)]
      lines.append(StyledLine("      \(last.at.rfc3339)", .dim))
    }
    return lines
  }

  /// What was billed, where it is asked.
  private var bills: [StyledLine] {
    status.arms.sorted(by: { armOrder($0.key) < armOrder($1.key) }).compactMap { name, figures in
      figures.reconciliation.flatMap { BillLine.line(name, $0) }
    }
  }

  private static let modelsShown = 5

  /// Like with like: an arm's own row may be of other models than another's. Of one model the rows above say it all.
  private var models: [StyledLine] {
    guard let models = status.models, models.count > 1 else { return [] }
    var lines = [StyledLine(), StyledLine("by model", .dim)]
    for model in models.prefix(Self.modelsShown) {
      lines.append(StyledLine(model.model.plainText))
      for name in status.arms.keys.sorted(by: { armOrder($0) < armOrder($1) }) {
        let (live, shadow) = (model.live[name], model.shadow[name])
        guard live != nil || shadow != nil else { continue }
        lines.append(row("  \(name)", weight: nil, live ?? RolloutStatus.Figures()))
        if let shadow { lines.append(row("    in shadow", weight: nil, shadow)) }
      }
    }
    if models.count > Self.modelsShown {
      lines.append(StyledLine("and \(models.count - Self.modelsShown) more: --json", .dim))
    }
    return lines
  }

  /// Models that went back while their candidate kept the others.
  private var takenModels: [StyledLine] {
    status.candidates.sorted { $0.key < $1.key }.compactMap { name, place in
      guard let models = place.rolledBackModels, !models.isEmpty, !place.isRolledBack else { return nil }
      return StyledLine("rolled back on \(name): \(models.map(\.plainText).joined(separator: ", "))", .bad)
        + StyledLine("; 'crossfade rearm' gives \(models.count == 1 ? "it" : "them") back", .dim)
    }
  }

  /// Why requests stayed away, and which models had no line: what looks like no traffic may be these.
  private var eligibility: [StyledLine] {
    (status.ineligible ?? [:]).sorted { $0.key < $1.key }.map { name, reasons in
      let counts = reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
        "\(FigureText.count($0.value)) \($0.key.replacing("_", with: " "))"
      }
      var line = StyledLine("kept from \(name): \(counts.joined(separator: ", "))", .dim)
      let models = (status.unmappedModels?[name] ?? [:]).sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      if !models.isEmpty {
        let shown = models.prefix(3).map { "\($0.key.plainText) (\(FigureText.count($0.value)))" }
        let more = models.count > 3 ? " and \(models.count - 3) more" : ""
        line.append("; no line of its models matches \(shown.joined(separator: ", "))\(more)", .caution)
      }
      return line
    }
  }

  private var headline: StyledLine {
    var line = StyledLine(status.rollout, .bold)
    line.append("  ")
    line.append(status.state.rawValue.replacing("_", with: " "), stateStyle)
    return line
  }

  private var stateStyle: Style {
    switch status.state {
    case .running, .completed: .good
    case .paused: .caution
    case .rolledBack, .aborted: .bad
    }
  }

  private var place: StyledLine {
    var line = StyledLine("stage \(status.stage) (\(status.stageIndex + 1) of \(status.stageCount))")
    line.append(" since \(status.since.rfc3339.prefix(19))Z")
    if let reason = status.waitingFor { line.append(", waiting for \(reason.replacing("_", with: " "))", .caution) }
    return line
  }

  /// Candidates that are in another stage than the rollout.
  private var behind: [StyledLine] {
    status.candidates.filter { !$0.value.isRolledBack && $0.value.stage != status.stage }.sorted { $0.key < $1.key }
      .map { name, place in
        var line = StyledLine("\(name) is in stage \(place.stage) since \(place.since.rfc3339.prefix(19))Z")
        if let reason = place.waitingFor {
          line.append(", waiting for \(reason.replacing("_", with: " "))", .caution)
        }
        return line
      }
  }

  /// The baseline has no weight of its own, and comes first.
  private func armOrder(_ name: String) -> String { status.weights[name] == nil ? "" : name }

  private var heading: StyledLine {
    StyledLine(
      "arm".padded(18) + "weight".leftPadded(8) + "requests".leftPadded(11) + "errors".leftPadded(9)
        + "p95".leftPadded(10) + "ttft p95".leftPadded(10) + "cost".leftPadded(12), .dim)
  }

  private func row(_ name: String, weight: Double?, _ figures: RolloutStatus.Figures) -> StyledLine {
    var line = StyledLine(name.padded(18))
    line.append((weight.map(FigureText.share) ?? "").leftPadded(8), .bold)
    line.append(FigureText.count(figures.requests).leftPadded(11))
    line.append(FigureText.rate(figures.errorRate).leftPadded(9), figures.errors > 0 ? .caution : .plain)
    line.append(FigureText.milliseconds(figures.latencyP95).leftPadded(10))
    line.append(FigureText.milliseconds(figures.ttftP95).leftPadded(10))
    line.append(FigureText.dollars(figures.cost).leftPadded(12))
    return line
  }
}

extension StatusScreen {
  /// Of pictures and videos that are made by jobs: how they went, what they took, what was paid for nothing.
  private func jobs(_ figures: RolloutStatus.Figures) -> [StyledLine] {
    guard let jobs = figures.jobs else { return [] }
    let fates = [
      (jobs.succeeded, "succeeded"), (jobs.failed, "failed"), (jobs.calledOff, "called off"), (jobs.open, "open"),
    ]
    let words = fates.filter { $0.0 > 0 }.map { "\(FigureText.count($0.0)) \($0.1)" }
    var text = "    \(FigureText.counted(jobs.created, "job"))"
    if !words.isEmpty { text += ": \(words.joined(separator: ", "))" }
    if let p50 = jobs.timeToResultP50, let p95 = jobs.timeToResultP95 {
      let (middle, most) = (FigureText.milliseconds(p50), FigureText.milliseconds(p95))
      text += "; result in \(middle), p95 \(most)"
      if let own = jobs.vendorTimeP50 { text += " (\(FigureText.milliseconds(own)) by its own count)" }
    }
    if let cost = jobs.costPerAsset { text += "; \(FigureText.dollars(cost)) each" }
    var line = StyledLine(text, .dim)
    if jobs.failedAfterPromise > 0 {
      line.append("; \(FigureText.count(jobs.failedAfterPromise)) failed after the promise", .caution)
    }
    if jobs.wasted > 0 {
      line.append("; \(FigureText.dollars(jobs.waste)) for nothing (\(FigureText.count(jobs.wasted)))", .caution)
    }
    if jobs.possiblyBilled > 0 {
      let most = FigureText.dollars(jobs.wasteAtMost)
      line.append("; \(FigureText.count(jobs.possiblyBilled)) possibly billed, \(most) at most", .caution)
    }
    return [line]
  }
}
