/// The report's tables, the same in Markdown and in HTML.

import RolloutJudge

extension RolloutReport {
  var figureTables: [TextTable] {
    let kinds: [(String, [String])] = [
      ("Live", ["live"]), ("Copies and rescues", ["shadow", "noise", "rescue", "retry", "failover"]),
    ]
    return kinds.compactMap { title, populations in
      let lists = figures.filter { populations.contains($0.population) }.map { entry in
        (title: entry.population == "live" ? entry.arm : "\(entry.arm), \(entry.population)", figures: entry.figures)
      }
      return lists.isEmpty ? nil : TextTable.figures(lists, title: title)
    }
  }

  var outcomeTable: TextTable {
    let names = Set(figures.flatMap(\.outcomes.keys)).sorted { a, b in
      (a == "ok" ? 0 : 1, a) < (b == "ok" ? 0 : 1, b)
    }
    let lists = figures.filter { $0.population == "live" || $0.population == "shadow" }
    return TextTable(
      columns: ["Outcome"] + lists.map { $0.population == "live" ? $0.arm : "\($0.arm), copies" },
      rows: names.map { name in [name] + lists.map { $0.outcomes[name].map(FigureFormat.count) ?? "0" } })
  }

  func table(of breakdown: BreakdownTable) -> TextTable {
    let labels = breakdown.rows.first?.figures.figures.map(\.label) ?? []
    let title = breakdown.by.prefix(1).uppercased() + breakdown.by.dropFirst()
    return TextTable(
      columns: [title, "arm"] + labels,
      rows: breakdown.rows.map { row in
        [row.value, row.population == "live" ? row.arm : "\(row.arm), copies"]
          + row.figures.figures.map { FigureFormat.text($0.value, $0.unit) }
      }, words: [0, 1])
  }

  func table(of findings: AnswerFindings) -> TextTable {
    TextTable(
      columns: ["Difference", "pairs", "of them breaking", "baseline with itself"],
      rows: findings.kinds.map { kind in
        [
          kind.kind, FigureFormat.count(kind.pairs), FigureFormat.count(kind.breaking),
          findings.noisePairs > 0 ? FigureFormat.count(kind.noise) : FigureFormat.unknown,
        ]
      })
  }

  var decisionTable: TextTable {
    TextTable(
      columns: ["", "when (UTC)", "decision", "what and why", "evidence"],
      rows: decisions.map { decision in
        var words = decision.message
        if let reason = decision.reason, !words.contains(reason) { words += " (\(reason))" }
        if decision.actor != "crossfade" { words += ", by \(decision.actor)" }
        return [
          String(decision.seq), String(Self.minute(decision.at).dropLast(4)), decision.decision, words,
          decision.evidence ?? FigureFormat.unknown,
        ]
      }, words: [1, 2, 3, 4])
  }

  var fieldTable: TextTable {
    TextTable(
      columns: ["Request field", "endpoint", "requests", "share"] + candidates.map(\.name),
      rows: inventory.fields.map { field in
        [field.field, field.endpoint, FigureFormat.count(field.requests), FigureFormat.share(field.share)]
          + field.treatments.map { "\(Self.word($0.kind)): \($0.note)" }
      }, words: Set([0, 1] + candidates.indices.map { $0 + 3 }))
  }

  private static func word(_ kind: Inventory.Treatment.Kind) -> String {
    switch kind {
    case .kept: "kept"
    case .dropped: "dropped"
    case .rejected: "rejected"
    case .differs: "answered differently"
    case .notSeen: "not seen"
    }
  }

  var lostTable: TextTable {
    TextTable(
      columns: ["Answer field that is missing", "candidate", "pairs", "per 1,000"],
      rows: inventory.lostFields.map {
        [$0.field, $0.candidate, FigureFormat.count($0.pairs), FigureFormat.text($0.perThousand, .perThousand)]
      }, words: [0, 1])
  }

  var unmappedTable: TextTable {
    TextTable(
      columns: ["Model without a mapping", "candidate", "requests"],
      rows: inventory.unmappedModels.map { [$0.model, $0.candidate, FigureFormat.count($0.requests)] }, words: [0, 1])
  }

  var keptAwayTable: TextTable {
    TextTable(
      columns: ["Kept on the baseline", "candidate", "requests"],
      rows: inventory.keptAway.map { [$0.reason, $0.candidate, FigureFormat.count($0.requests)] }, words: [0, 1])
  }

  /// `2026-11-22 17:56:01 UTC`.
  static func minute(_ instant: Instant) -> String {
    let text = instant.rfc3339
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC"
  }

  /// `of live requests in canary, ramp-25`.
  func basisText(_ basis: Basis) -> String {
    guard let population = basis.population else { return "no attempt yet" }
    let counted =
      population == "live"
      ? FigureFormat.counted(basis.attempts, "live request") : "\(FigureFormat.count(basis.attempts)) copies"
    return "\(counted) in \(basis.stages.joined(separator: ", "))"
  }

  /// What is said of a comparison above its table.
  func summary(of findings: AnswerFindings) -> String {
    var text = "\(FigureFormat.counted(findings.pairs, "pair")) compared"
    if findings.incomparable > 0 { text += ", \(FigureFormat.count(findings.incomparable)) more could not be" }
    if let rate = findings.mismatchRate { text += "; \(FigureFormat.share(rate)) differ in something that breaks" }
    if let noise = findings.noiseRate {
      text +=
        ". Asked twice \(FigureFormat.count(findings.noisePairs)) times, the baseline differs from itself in "
        + FigureFormat.share(noise)
    } else {
      text += ". The baseline was not asked twice, so its own variation is not known"
    }
    if let similarity = findings.medianSimilarity {
      text += ". Median similarity of the texts \(FigureFormat.fixed(similarity, 2))"
      if let noise = findings.medianNoiseSimilarity {
        text += ", of the baseline with itself \(FigureFormat.fixed(noise, 2))"
      }
    }
    if let validity = findings.toolCallValidity { text += ". Valid tool calls: \(FigureFormat.share(validity))" }
    return text + "."
  }
}
