/// The demo on a terminal: the stages, the arms, the evidence, the clients and what has happened, redrawn in place.

import RolloutJudge

struct DemoScreen {
  let view: DemoView
  var glyphs = Glyphs.unicode
  /// Lines that fit.
  var rows = 40
  static let columns = 80

  var lines: [StyledLine] {
    let parts = [isCramped ? Array(heading.prefix(1)) : heading, stages, arms, guards, [clients]]
    let gap = isCramped ? [] : [StyledLine()]
    let top = Array(parts.joined(separator: gap))
    // A line more than the terminal has would scroll it, and nothing could be redrawn in place.
    let room = rows - 1 - top.count - gap.count
    guard room > 0 else { return Array(top.prefix(max(0, rows - 1))) }
    return top + gap + view.entries.suffix(min(8, room)).map { Self.line(of: $0) }
  }

  private var isCramped: Bool { rows < 32 }

  private var heading: [StyledLine] {
    let clock = "\(FigureText.clock(view.elapsed)) of about \(FigureText.clock(view.pace.expected(view.playbook)))"
    let title = "crossfade demo"
    let gap = String(repeating: " ", count: max(2, Self.columns - title.count - clock.count))
    return [
      StyledLine(title, .bold) + StyledLine(gap) + StyledLine(clock, .dim),
      StyledLine(
        "An application's traffic moves from \(view.playbook.baseline.name) to \(candidate), on this machine. ", .dim),
      StyledLine("Dashboard: ", .dim) + StyledLine(view.dashboard, .accent),
    ]
  }

  private var candidate: String { view.playbook.candidates[0].name }

  // MARK: Stages

  private var stages: [StyledLine] {
    view.playbook.stages.enumerated().map { index, stage in
      let isNow = index == view.status.stageIndex
      let isRolledBack = isNow && view.status.state == .rolledBack
      let mark =
        isRolledBack ? glyphs.failed : isNow ? glyphs.now : index < view.status.stageIndex ? glyphs.done : glyphs.ahead
      let style: Style = isRolledBack ? .bad : isNow ? .bold : index < view.status.stageIndex ? .good : .dim
      var line = StyledLine("  \(mark) ", style)
      line.append(stage.name.padded(10), style)
      line.append(
        (isRolledBack ? "rolled back: 0% to \(candidate)" : about(stage)).padded(38),
        isRolledBack ? .bad : isNow ? .plain : .dim)
      if isNow, !isRolledBack { line = line + progress(stage) }
      return line
    }
  }

  private func about(_ stage: Stage) -> String {
    if stage.weights[0] > 0 { return "\(FigureText.share(stage.weights[0])) of the requests to \(candidate)" }
    if stage.shadow[0] > 0 { return "\(FigureText.share(stage.shadow[0])) copied to \(candidate)" }
    return "everything to \(view.playbook.baseline.name)"
  }

  private func progress(_ stage: Stage) -> StyledLine {
    let held = view.now - view.status.since
    let share = stage.hold > .zero ? held / stage.hold : 1
    if share >= 1, let reason = view.status.waitingFor, reason != "hold" {
      return StyledLine("waits: \(reason.replacing("_", with: " "))", .caution)
    }
    return StyledLine(glyphs.bar(share, width: 14), .accent)
      + StyledLine(" \(FigureText.clock(min(held, stage.hold))) of \(FigureText.clock(stage.hold))", .dim)
  }

  // MARK: Arms

  private var arms: [StyledLine] {
    var lines = [
      StyledLine(
        "arm".padded(16) + "weight".leftPadded(8) + "requests".leftPadded(10) + "a second".leftPadded(10)
          + "errors".leftPadded(8) + "last 2 s".leftPadded(10) + "p95".leftPadded(10), .dim)
    ]
    let weight = view.status.weights[candidate] ?? 0
    lines.append(row(view.playbook.baseline.name, weight: 1 - weight))
    lines.append(row(candidate, weight: weight))
    let shadow = view.status.arms[candidate]?.shadow
    lines.append(shadowRow(shadow ?? RolloutStatus.Figures()))
    return lines
  }

  private func row(_ name: String, weight: Double) -> StyledLine {
    let figures = view.status.arms[name]?.live ?? RolloutStatus.Figures()
    let recent = view.recent.figures(of: name)
    let recently = recent?.errorRate
    var line = StyledLine(name.padded(16))
    line.append(FigureText.share(weight).leftPadded(8), .bold)
    line.append(FigureText.count(figures.requests).leftPadded(10))
    line.append((recent.map { FigureText.count(Int($0.rate.rounded())) } ?? "-").leftPadded(10))
    line.append(FigureText.count(figures.errors).leftPadded(8), figures.errors > 0 ? .caution : .plain)
    line.append(FigureText.rate(recently).leftPadded(10), (recently ?? 0) > 0.05 ? .bad : .plain)
    line.append(FigureText.milliseconds(figures.latencyP95).leftPadded(10))
    return line
  }

  private func shadowRow(_ figures: RolloutStatus.Figures) -> StyledLine {
    StyledLine(
      "  its copies".padded(24) + FigureText.count(figures.requests).leftPadded(10) + "".leftPadded(10)
        + FigureText.count(figures.errors).leftPadded(8) + "".leftPadded(10)
        + FigureText.milliseconds(figures.latencyP95).leftPadded(10), .dim)
  }

  // MARK: Evidence and clients

  private var guards: [StyledLine] { GuardLine.table(view.status.guards, glyphs: glyphs) }

  private var clients: StyledLine {
    let counts = view.clients
    var line = StyledLine("clients   ", .dim)
    line.append("\(FigureText.count(counts.requests)) answers, \(FigureText.count(counts.streams)) streamed; ")
    line.append("\(FigureText.count(counts.rescued)) rescued by \(view.playbook.baseline.name); ")
    line.append(
      FigureText.counted(counts.errorCount, "error") + " seen", counts.errorCount == 0 ? .good : .bad)
    return line
  }

  static func line(of entry: DemoEntry) -> StyledLine {
    let style: Style =
      switch entry.kind {
      case "rollback", "abort": .bad
      case "breaks", "pause": .caution
      case "start", "advance", "complete": .good
      default: .plain
      }
    return StyledLine(FigureText.clock(entry.at) + "  ", .dim) + StyledLine(entry.message, style)
  }

  /// The same in one line, where nothing can be redrawn.
  var brief: StyledLine {
    let arms = [view.playbook.baseline.name, candidate].map { name in
      let figures = view.status.arms[name]?.live ?? RolloutStatus.Figures()
      return
        "\(name) \(FigureText.counted(figures.requests, "request")), \(FigureText.counted(figures.errors, "error"))"
    }
    let stage = "\(view.status.stage) \(FigureText.clock(view.now - view.status.since))"
    let clients = "clients saw \(FigureText.counted(view.clients.errorCount, "error"))"
    let message = "  \(stage): \(arms.joined(separator: "; ")); \(clients)"
    return Self.line(of: DemoEntry(at: view.elapsed, kind: "status", message: message))
  }
}
