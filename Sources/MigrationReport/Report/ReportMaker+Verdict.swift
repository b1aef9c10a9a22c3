/// The verdict in one paragraph: what is shown and how surely, what is undecided, what is unknown.

import RolloutJudge

extension ReportMaker {
  func verdict(_ arm: ReportArm, _ bases: [ArmBasis]) -> Verdict {
    guard let candidate = bases.first(where: { $0.arm.name == arm.name }), candidate.account.attempts > 0 else {
      return Verdict(
        candidate: arm.name,
        text: "\(arm.name) has not been asked anything yet, so nothing is known about it. "
          + standing(arm), findings: [])
    }
    let findings = findings(candidate, bases[0])
    var sentences = [standing(arm), extent(candidate, bases[0])]
    let words: [(Finding.Conclusion, String)] = [(.worse, "Worse"), (.better, "Better")]
    for (conclusion, word) in words {
      let shown = findings.filter { $0.conclusion == conclusion }.map(Self.words)
      if !shown.isEmpty { sentences.append("\(word), at 95%: \(shown.joined(separator: "; ")).") }
    }
    let undecided = findings.filter { $0.conclusion == .undecided }.map(Self.words)
    if !undecided.isEmpty { sentences.append("No difference shown: \(undecided.joined(separator: "; ")).") }
    let unknown = findings.filter { $0.conclusion == .unknown }.map { finding in
      finding.label + (finding.note.map { " (\($0))" } ?? "")
    }
    if !unknown.isEmpty { sentences.append("Not known: \(unknown.joined(separator: "; ")).") }
    if candidate.isShadow { sentences.append("All of this is of copies: no client has had an answer from it.") }
    sentences.append(Self.caveat)
    return Verdict(candidate: arm.name, text: sentences.joined(separator: " "), findings: findings)
  }

  private static let caveat =
    "The intervals hold for one look and take requests as independent; conversations that send many make them too "
    + "narrow. That no difference is shown does not say that there is none."

  /// Where the rollout stands with it, and what put it there.
  private func standing(_ arm: ReportArm) -> String {
    if let rollback = standingRollback(of: arm) {
      let how =
        rollback.evidence == nil
        ? "by \(rollback.actor)" : "by a test that does so to at most \(falseAlarms) that are as good as allowed"
      let prefix = "rolled back \(arm.name): "
      let why = rollback.message.hasPrefix(prefix) ? String(rollback.message.dropFirst(prefix.count)) : rollback.message
      return "\(arm.name) was rolled back in stage \(rollback.stage) (\(why)), \(how)."
    }
    guard let last = decisions.last else { return "The rollout has not begun." }
    let weight = FigureFormat.weight(last.weightsAfter[arm.name] ?? 0)
    return place(arm, weight, last) + withheld(from: arm)
  }

  private func place(_ arm: ReportArm, _ weight: String, _ last: Decision) -> String {
    switch state {
    case .completed: "The rollout is complete with \(arm.name) at \(weight)\(breaches(of: arm))."
    case .paused: "The rollout is paused in stage \(last.stage) with \(arm.name) at \(weight)\(breaches(of: arm))."
    case .aborted: "The rollout was aborted in stage \(last.stage)\(breaches(of: arm))."
    case .running, .rolledBack:
      "The rollout is in stage \(last.stage) with \(arm.name) at \(weight)\(breaches(of: arm))."
    }
  }

  private func standingRollback(of arm: ReportArm) -> Decision? { standingRollbacks(of: arm).last { $0.model == nil } }

  /// Those that nobody has undone.
  private func standingRollbacks(of arm: ReportArm) -> [Decision] {
    let undone =
      decisions.last {
        $0.decision == .rearm && $0.candidate ?? arm.name == arm.name || $0.renewed?.contains(arm.name) ?? false
      }?.seq ?? 0
    return decisions.filter {
      $0.decision == .rollback && ($0.candidate == arm.name || $0.candidate == nil) && $0.seq > undone
    }
  }

  /// The models that were taken back from it while it kept the others.
  private func withheld(from arm: ReportArm) -> String {
    standingRollbacks(of: arm).compactMap { rollback in
      guard let model = rollback.model?.plainText else { return nil }
      return " \(model) was taken back from \(arm.name) in stage \(rollback.stage)"
        + " and stays on \(arms[0].name) (\(rollback.message.plainText))."
    }.joined()
  }

  private var falseAlarms: String {
    playbook.map { "\(FigureFormat.weight($0.alpha)) of candidates" } ?? "the playbook's share of candidates"
  }

  private func breaches(of arm: ReportArm) -> String {
    let breached = decisions.filter { $0.evidence != nil && $0.candidate == arm.name && $0.decision != .advance }
    guard let last = breached.last else { return "; no condition of the playbook has been breached" }
    return
      "; a condition was breached \(breached.count == 1 ? "once" : "\(breached.count) times"), last: \(last.message)"
  }

  private func extent(_ candidate: ArmBasis, _ baseline: ArmBasis) -> String {
    let kind = candidate.isShadow ? "copies" : "live requests"
    let stages =
      candidate.stages.count == 1
      ? "stage \(candidate.stages[0])" : "stages \(candidate.stages.joined(separator: ", "))"
    return "Compared are \(FigureFormat.count(candidate.account.attempts)) \(kind) on \(candidate.arm.name) with "
      + "\(FigureFormat.count(baseline.account.attempts)) live requests on \(baseline.arm.name), in \(stages)."
      + unshared(candidate.arm)
  }

  /// What only the baseline is asked, which makes the two less alike.
  private func unshared(_ arm: ReportArm) -> String {
    let asked = accounts.account(arm: arms[0].name, .live).attempts
    let unshared = inventory.unmappedModels.filter { $0.candidate == arm.name }.reduce(0) { $0 + $1.requests }
    guard unshared > 0, asked > 0 else { return "" }
    return
      " Of the latter, \(FigureFormat.share(Double(unshared) / Double(asked))) over the whole rollout were for models "
      + "that \(arm.name) is never asked for."
  }

  /// `error rate 3.1% against 0.9% (+1.2 to +3.3 points)`, `p95 latency 1.20 s against 1.00 s (×1.05 to ×1.35)`.
  private static func words(_ finding: Finding) -> String {
    var text = finding.label
    if let ours = finding.candidate, let theirs = finding.baseline {
      text += " \(FigureFormat.text(ours, finding.unit)) against \(FigureFormat.text(theirs, finding.unit))"
    }
    if let low = finding.low, let high = finding.high {
      if finding.unit == .share {
        text += " (\(points(low)) to \(points(high)) points)"
      } else {
        text += " (×\(FigureFormat.fixed(low, 2)) to ×\(FigureFormat.fixed(high, 2)))"
      }
    }
    if let note = finding.note { text += " (\(note))" }
    return text
  }

  private static func points(_ share: Double) -> String {
    (share > 0 ? "+" : "") + FigureFormat.fixed(share * 100, abs(share) < 0.001 ? 2 : 1)
  }

  func notMeasured(_ bases: [ArmBasis]) -> [String] {
    var missing = ["What requests cost that the vendors bill later, or that left before their usage was told."]
    if !arms.contains(where: { accounts.account(arm: $0.name, .live).times.overhead.count > 0 }) {
      missing.append("Crossfade's own share of the latency (K17): no live exchange told.")
    }
    if playbook == nil { missing.append("Vendors, prices, effort and the field policy: give the playbook.") }
    if !bases.contains(where: { $0.account.reports.count > 0 }) {
      missing.append(
        "What the application made of the answers: it reported no outcomes (POST /outcomes), so a success is an answer "
          + "that ended ok with a normal finish.")
    }
    if accounts.pairs.values.allSatisfy({ $0.toolCalls == 0 }) { missing.append("The validity of tool calls (K14).") }
    if accounts.shapes.uncounted > 0 {
      missing.append("The fields of \(FigureFormat.count(accounts.shapes.uncounted)) attempts of rarer request shapes.")
    }
    if !allFigures.contains(where: { $0.figures["cold_cache_cost"] != nil }) {
      missing.append(
        "What a colder prompt cache costs (K12): it needs prices with cached_input; compare the cached shares (K11).")
    }
    return missing
  }
}
