/// A probe's report as a person reads it: the times side by side, then each arm with its verdict.

package struct ProbeTable: Sendable {
  let report: ProbeReport

  package init(_ report: ProbeReport) { self.report = report }

  package var lines: [String] {
    var lines = ["\(report.rollout): \(report.isReady ? "every arm is ready" : "not every arm is ready")", ""]
    let times = timeLines
    lines += times.isEmpty ? [] : times + [""]
    for (index, arm) in report.arms.enumerated() { lines += (index > 0 ? [""] : []) + Self.lines(arm) }
    if let traffic = report.traffic { lines += [""] + traffic.lines }
    return lines
  }

  // MARK: times

  private static let phases: [(PhaseTimes.Phase, String)] = [
    (.dns, "DNS"), (.connect, "TCP connect"), (.tls, "TLS handshake"), (.firstByte, "first byte"),
    (.firstToken, "first token"), (.total, "total"),
  ]
  private static let labelWidth = 32

  private var timeLines: [String] {
    // An arm that has nothing but jobs is asked after one that nobody has.
    let asked = report.arms.contains(where: \.isOfJobsAlone) ? "GET models, or a job" : "GET models"
    let blocks: [(String, (ProbedLatency) -> [String: Double]?)] = [
      ("\(asked), new connection", { $0.newConnection }), ("\(asked), open connection", { $0.openConnection }),
      ("a question, open connection", { $0.question }),
    ]
    let columns = self.columns
    var lines: [String] = []
    for (title, block) in blocks {
      let rows = Self.phases.compactMap { phase, name -> String? in
        let cells = columns.map { column in block(column.latency)?[phase.rawValue].map(column.text) ?? "-" }
        guard cells.contains(where: { $0 != "-" }) else { return nil }
        return Self.row("  \(name)", cells, columns)
      }
      if !rows.isEmpty { lines += [title] + rows }
    }
    guard !lines.isEmpty else { return [] }
    return [Self.row("median", columns.map(\.title), columns)] + lines
  }

  private struct Column {
    var title: String
    var latency: ProbedLatency
    var text: (Double) -> String
    var width: Int { max(title.count, 10) + 2 }
  }

  /// Each arm, and beside a candidate what it adds.
  private var columns: [Column] {
    report.arms.flatMap { arm -> [Column] in
      let own = Column(title: arm.name, latency: arm.latency, text: { Self.milliseconds($0) })
      guard let tax = arm.tax else { return [own] }
      return [own, Column(title: "tax", latency: tax, text: { ($0 < 0 ? "" : "+") + Self.milliseconds($0) })]
    }
  }

  private static func row(_ label: String, _ cells: [String], _ columns: [Column]) -> String {
    zip(cells, columns).reduce(filled(label, labelWidth)) { line, cell in
      line + String(repeating: " ", count: max(1, cell.1.width - cell.0.count)) + cell.0
    }
  }

  private static func filled(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// `0.42 ms`, `41.3 ms`, `512 ms`, `1.24 s`.
  static func milliseconds(_ value: Double) -> String {
    let size = value.magnitude
    if size >= 1000 { return decimal(value / 1000, 2) + " s" }
    return decimal(value, size < 10 ? 2 : size < 100 ? 1 : 0) + " ms"
  }

  private static func decimal(_ value: Double, _ places: Int) -> String {
    let scale = places == 2 ? 100 : places == 1 ? 10 : 1
    let scaled = Int((value * Double(scale)).rounded())
    let sign = scaled < 0 ? "-" : ""
    guard places > 0 else { return "\(scaled)" }
    let rest = String(scaled.magnitude % scale.magnitude)
    return "\(sign)\(scaled.magnitude / scale.magnitude)."
      + String(repeating: "0", count: places - rest.count) + rest
  }

  // MARK: arms

  private static func lines(_ arm: ProbedArm) -> [String] {
    var lines = ["\(arm.name) (\(arm.role.rawValue), \(arm.url)): \(arm.text)"]
    lines += arm.remarks.map { "  - \($0)" }
    var connection: [String] = []
    if let address = arm.address { connection.append("at \(address)") }
    if let version = arm.httpVersion {
      connection.append("HTTP/\(version)\(arm.offersHTTP2 ? " (it offers HTTP/2 too)" : "")")
    }
    if !connection.isEmpty { lines.append("  connection:     \(connection.joined(separator: ", "))") }
    if let certificate = arm.certificate {
      let left = certificate.daysLeft.map { ", \($0) days left" } ?? ""
      lines.append("  certificate:    \(certificate.subject), issued by \(certificate.issuer)\(left)")
    }
    // Of an arm that was not reached nothing more is known.
    guard arm.authentication != "not_asked" else { return lines }
    lines.append("  authentication: \(authentication(arm))")
    return lines + models(arm) + media(arm)
  }

  private static func media(_ arm: ProbedArm) -> [String] {
    guard let media = arm.media else { return [] }
    var lines: [String] = []
    if !arm.isOfJobsAlone {
      let key = media.unreachable.map { "cannot be reached: \($0)" } ?? "key \(spaced(media.authentication))"
      lines.append("  by jobs:        at \(media.url), \(key)")
    }
    if let picture = media.picture { lines.append("  a picture:      \(picture.line)") }
    return lines
  }

  private static func spaced(_ word: String) -> String { word.split(separator: "_").joined(separator: " ") }

  private static func authentication(_ arm: ProbedArm) -> String {
    switch arm.authentication {
    case "not_checked": "not checked: the application's own key is passed through"
    case "not_needed" where arm.isOfJobsAlone: "no key is configured, and none is needed to ask after a job"
    case "not_needed": "no key is configured, and none is needed to list models"
    case "unproven" where arm.isOfJobsAlone: "not proven: it answers whoever asks after a job"
    case "unproven": "not proven: it lists its models to everyone"
    case let word: spaced(word)
    }
  }

  private static let shownModels = 20

  private static func models(_ arm: ProbedArm) -> [String] {
    let count = arm.listed.map { "it lists \($0)" } ?? "it shows no list"
    guard !arm.models.isEmpty else { return ["  models:         no model is mapped by name; \(count)"] }
    let there = arm.models.count { $0.state == "listed" || $0.state == "answered" }
    var lines = ["  models:         \(there) of \(arm.models.count) mapped are there; \(count)"]
    let open = arm.models.filter { $0.state != "listed" && $0.state != "answered" }
    for model in open.prefix(shownModels) {
      let nearest = model.nearest.map { ", nearest is \($0)" } ?? ""
      let status = model.status.map { " (\($0))" } ?? ""
      lines.append("    \(model.model): \(model.state)\(status)\(nearest)")
    }
    if open.count > shownModels { lines.append("    and \(open.count - shownModels) more") }
    return lines
  }
}
