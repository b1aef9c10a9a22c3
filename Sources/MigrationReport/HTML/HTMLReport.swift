/// The report as one HTML page that needs nothing else: no script, no network, no font of its own.

import RolloutJudge

extension RolloutReport {
  package var html: String {
    let head = Markup.element(
      "head", [:],
      [
        .element("meta", ["charset": "utf-8"]),
        .element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        // Even a browser that is made to believe otherwise fetches nothing.
        .element(
          "meta",
          [
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
          ]),
        .element("meta", ["name": "referrer", "content": "no-referrer"]),
        .element("title", [:], "Migration report: \(rollout)"), .reportStyle,
      ])
    let body = Markup.element(
      "body", [:],
      [
        .element("header", [:], header),
        .element(
          "main", [:],
          [
            .lines(
              verdictSection + worksheetSection + plotSection + costSection + billSection + answerSection
                + guardSection + compatibilitySection
                + decisionSection + figureSection + closingSection)
          ]),
      ])
    return "<!DOCTYPE html>\n" + Markup.element("html", ["lang": "en"], [head, body]).html + "\n"
  }

  private var header: [Markup] {
    var facts: [String] = []
    if !stage.isEmpty { facts.append("Stage \(stage)") }
    if let startedAt { facts.append("since \(Self.minute(startedAt))") }
    if let figuresAt { facts.append("figures as of \(Self.minute(figuresAt))") }
    if !playbookSHA256.isEmpty { facts.append("playbook \(playbookSHA256.prefix(12))") }
    return [
      .element("h1", [:], [.text("Migration report: \(rollout) "), .chip(state.words, state.tone)]),
      .element("p", ["class": "quiet"], facts.joined(separator: " · ")),
    ]
  }

  private func heading(_ text: String) -> Markup { .element("h2", [:], text) }

  // MARK: verdict and worksheet

  private var verdictSection: [Markup] {
    [heading("Verdict")]
      + verdicts.flatMap { verdict -> [Markup] in
        let text = Markup.element(
          "div", ["class": "verdict"],
          [.element("strong", [:], verdict.candidate), .element("p", [:], verdict.text)])
        return verdict.findings.isEmpty ? [text] : [text, table(of: verdict)]
      }
  }

  private func table(of verdict: Verdict) -> Markup {
    let columns = ["", verdict.candidate, baseline.name, "95% interval"]
    let head = columns.enumerated().map { Markup.element("th", ["class": $0 == 0 ? "words" : nil], $1) }
    let rows = verdict.findings.map { finding -> Markup in
      let chip = Markup.chip(finding.conclusion.words, finding.conclusion.tone)
      let name = [Markup.text(finding.label + " "), chip] + (finding.note.map { [.element("small", [:], $0)] } ?? [])
      return .element(
        "tr", [:],
        [
          .element("td", ["class": "words"], name),
          .element("td", [:], FigureFormat.text(finding.candidate, finding.unit)),
          .element("td", [:], FigureFormat.text(finding.baseline, finding.unit)),
          .element("td", [:], Self.interval(finding)),
        ])
    }
    return .element(
      "div", ["class": "scroll"],
      [
        .element(
          "table", [:],
          [.element("thead", [:], [.element("tr", [:], head)]), .element("tbody", [:], rows)])
      ])
  }

  private static func interval(_ finding: Finding) -> String {
    guard let low = finding.low, let high = finding.high else { return FigureFormat.unknown }
    if finding.unit == .share {
      let (low, high) = (FigureFormat.fixed(low * 100, 2), FigureFormat.fixed(high * 100, 2))
      return "\(low) to \(high) points"
    }
    return "×\(FigureFormat.fixed(low, 2)) to ×\(FigureFormat.fixed(high, 2))"
  }

  private var worksheetSection: [Markup] {
    let rows = worksheet.map { row in
      Markup.SheetRow(
        label: [.text(row.label)], cells: row.cells.map { (FigureFormat.text($0.value, row.unit), $0.note) })
    }
    let lines = basis.map { Markup.element("li", [:], "\($0.arm): \(basisText($0))") }
    return [
      heading("Worksheet"), .sheet([""] + arms.map(\.name), rows),
      .element("p", ["class": "quiet"], "Taken of the stages in which arms can be held against each other:"),
      .element("ul", ["class": "quiet"], lines),
    ]
  }

  private var costSection: [Markup] {
    let rows = costStack.map { layer in
      Markup.SheetRow(
        label: [.text(layer.label + " "), Markup.chip(layer.measured.words, layer.measured.tone)],
        cells: layer.cells.map { (FigureFormat.text($0.value, layer.unit), $0.note) }, explanation: layer.explanation)
    }
    return [heading("Cost stack"), .sheet(["Layer"] + arms.map(\.name), rows)]
  }
}
