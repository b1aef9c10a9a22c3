/// The demo's end in words: what was decided, on which evidence, what it cost the clients, and where to go from here.

import RolloutJudge

struct DemoSummary {
  let result: DemoResult
  /// Where the journal was kept; nil where it was deleted.
  var store: String?

  var lines: [StyledLine] {
    var lines = [headline, StyledLine()]
    if let rollback = result.rollback { lines += decision(rollback) }
    lines += clients + keys
    for (number, deviation) in result.deviations.enumerated() {
      lines += row(number == 0 ? "wrong" : "", deviation, .bad)
    }
    return lines + next
  }

  private var headline: StyledLine {
    let took = "; \(FigureText.seconds(result.elapsed)) in all."
    guard result.deviations.isEmpty, let rollback = result.rollback else {
      return StyledLine("The demo did not go as it should", .bad) + StyledLine(took)
    }
    return StyledLine("Crossfade rolled \(result.candidate) back by itself in stage \(rollback.stage)", .good)
      + StyledLine(took)
  }

  private static let columns = 80
  private static let nameWidth = 11

  /// A name and its text, wrapped beside it.
  private func row(_ name: String, _ text: String, _ style: Style = .plain) -> [StyledLine] {
    text.wrapped(Self.columns - Self.nameWidth).enumerated().map { number, piece in
      StyledLine("  \(number == 0 ? name : "")".padded(Self.nameWidth), .dim) + StyledLine(piece, style)
    }
  }

  private func decision(_ rollback: Decision) -> [StyledLine] {
    var lines = row("decision", rollback.message, .bold)
    if let evidence = rollback.evidence {
      let arms = [(result.candidate, evidence.candidate), (result.baseline, evidence.baseline)]
      let counts = arms.map { "\($0.0) failed \(FigureText.count($0.1.bad)) of \(FigureText.count($0.1.n))" }
      lines += row("evidence", counts.joined(separator: ", "))
      if let value = evidence.eValue, let threshold = evidence.threshold {
        let needed = FigureText.evidence(threshold)
        lines += row(
          "",
          "e-value \(FigureText.evidence(value)) where \(needed) was needed: looked at after every answer, a "
            + "candidate within its limits gets there in at most 1 of \(needed) rollouts")
      }
    }
    if let exposure = result.exposure {
      let requests = FigureText.counted(result.gateways.brokenRequests, "canary request")
      let failed = FigureText.count(result.gateways.brokenFailures)
      lines += row(
        "exposure", "\(requests) met it broken, of which \(failed) failed, within \(FigureText.seconds(exposure))")
    }
    if let reaction = result.reaction {
      let milliseconds = FigureText.count(max(0, Int((reaction / .milliseconds(1)).rounded())))
      lines += row("reaction", "journaled and in force \(milliseconds) ms after the last failure it rests on")
    }
    return lines
  }

  private var clients: [StyledLine] {
    let view = result.clients
    let seen =
      view.errorCount == 0 ? "no client saw an error" : "clients saw \(FigureText.counted(view.errorCount, "error"))"
    let requests = "\(FigureText.counted(view.requests, "request")), \(FigureText.count(view.streams)) of them streams"
    var lines = row("clients", "\(requests): \(seen)", view.errorCount == 0 ? .good : .bad)
    if view.rescued > 0 {
      let failures = FigureText.counted(view.rescued, "failed canary was", "failed canaries were")
      lines += row("", "\(failures) answered by \(result.baseline) within the same request")
    }
    if result.sentAfter > 0 {
      let late = result.sentAfterToCandidate == 0 ? "none" : FigureText.count(result.sentAfterToCandidate)
      let requests = FigureText.counted(result.sentAfter, "request")
      lines += row(
        "after", "\(requests) in \(FigureText.seconds(result.aftermath)), \(late) of them to \(result.candidate)")
    }
    return lines
  }

  private var keys: [StyledLine] {
    let (stable, challenger) = (result.gateways.keysAtStable, result.gateways.keysAtChallenger)
    guard stable > 0 else { return [] }
    let requests = FigureText.counted(result.gateways.challengerRequests, "request")
    let seen = challenger == 0 ? "none" : FigureText.count(challenger)
    return row(
      "key",
      "the application's own key was in \(FigureText.counted(stable, "request")) to \(result.baseline) and in "
        + "\(seen) of the \(requests) to \(result.candidate)")
  }

  private var next: [StyledLine] {
    var commands = [("crossfade demo --print-playbook > playbook.yaml", "the playbook just played")]
    if let store {
      commands += [
        ("crossfade decisions --json --store \(store)", "every decision with its evidence"),
        ("crossfade diffs --store \(store)", "the answers that differed most"),
        ("crossfade report --store \(store)", "what it comes to, arm by arm"),
      ]
    } else {
      commands += [
        ("crossfade check playbook.yaml", "what it does, in words"),
        ("crossfade demo --store demo.db", "again, kept for diffs, report"),
      ]
    }
    let width = (commands.map(\.0.count).max() ?? 0) + 2
    return [StyledLine(), StyledLine("Next", .bold)]
      + commands.map { StyledLine("  " + $0.0.padded(width), .accent) + StyledLine($0.1, .dim) }
  }
}
