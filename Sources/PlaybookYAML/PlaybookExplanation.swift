/// What a playbook will do, as values: `check` prints it in words and, with `--json`, as it is.

import Dialects
import MediaJobs
package import RolloutJudge
import TrafficSplit
import Vendors

/// Shares are fractions, durations milliseconds, money USD. Holds no key and no header's value.
package struct PlaybookExplanation: Sendable, Equatable, Codable {
  package var rollout: String
  package var playbookSHA256: String
  /// The baseline first.
  package var arms: [ArmPart]
  package var traffic: [String]
  package var stages: [StagePart]
  package var conditions: [ConditionPart]
  /// What goes back where one model's requests alone crossed a condition: `candidate` or `model`.
  package var rollback: String
  /// How answers are compared and what is kept of them; empty where no stage copies anything.
  package var comparison: [String]
  package var tags: [String]
  package var budgets: [String]
  /// What stands before the arms, a sentence for each; absent where nothing does.
  package var guards: [String]?
  /// Who is told of decisions; absent where nobody is.
  package var told: [String]?
  /// The sum of all holds: a rollout cannot be quicker.
  package var minimumDuration: Double
  /// What the operator should know, the gravest first.
  package var remarks: [String]

  package struct ArmPart: Sendable, Equatable, Codable {
    package var name: String
    package var vendor: String
    package var url: String
    /// `caller` (passed through), `own` or `none`.
    package var credentials: String
    /// `from` and `to` of every line, in the file's order; empty for the baseline, which serves all.
    package var models: [ModelLine]
    package var droppedFields: [String]
    /// `from` and `to`, for all models.
    /// The only fields of a chat that it is sent; absent where it is sent all others.
    package var onlyFields: [String]?
    package var renamedFields: [ModelLine]
    /// What is dropped and renamed beyond these for some models, a sentence for each glob.
    package var modelFields: [String]
    /// Demands of applications that it honours, by the words of the playbook.
    package var keeps: [String]
    /// What of the caller's reaches it beyond what every candidate gets: headers, then parameters of the query.
    package var passed: [String]
    /// Endpoints that it answers at another one, whose dialect is translated; absent where there are none.
    package var translated: [ModelLine]?
    /// What it makes by jobs, and where; absent for nothing.
    package var jobs: String?
    /// Endpoints it takes no part in.
    package var absentEndpoints: [String]
    package var reportsCost: Bool
    /// What its pictures and videos cost by the playbook, a sentence for each model.
    package var mediaPrices: [String]
    /// Person-days, as the playbook estimates them.
    package var effortDays: Double?
    /// The fee on what it costs, as a share; absent where there is none.
    package var overhead: Double?
    /// `HOST:PORT` of what it is reached through; absent for nothing.
    package var proxy: String?
    /// The share of its answers whose bill is asked for afterwards; absent where none is.
    package var reconcile: Double?

    enum CodingKeys: String, CodingKey {
      case name, vendor, url, credentials, models, overhead, reconcile, proxy
      case keeps, passed, translated, jobs
      case droppedFields = "dropped_fields"
      case onlyFields = "only_fields"
      case renamedFields = "renamed_fields"
      case modelFields = "model_fields"
      case absentEndpoints = "absent_endpoints"
      case reportsCost = "reports_cost"
      case mediaPrices = "media_prices"
      case effortDays = "effort_days"
    }
  }

  package struct ModelLine: Sendable, Equatable, Codable {
    package var from: String
    package var to: String
  }

  package struct StagePart: Sendable, Equatable, Codable {
    package var name: String
    package var weights: [String: Double]
    package var shadow: [String: Double]
    package var hold: Double
    package var maxHold: Double?
    package var text: String

    enum CodingKeys: String, CodingKey {
      case name, weights, shadow, hold, text
      case maxHold = "max_hold"
    }
  }

  package struct ConditionPart: Sendable, Equatable, Codable {
    /// `rollback` or `pause`.
    package var action: String
    package var metric: Metric
    package var above: Double?
    package var ratioAbove: Double?
    package var below: Double?
    package var ratioBelow: Double?
    /// The chance, for each candidate, that this condition alone acts on one that is fine; absent for a threshold test.
    package var alpha: Double?
    package var text: String

    enum CodingKeys: String, CodingKey {
      case action, metric, above, below, alpha, text
      case ratioAbove = "ratio_above"
      case ratioBelow = "ratio_below"
    }
  }

  enum CodingKeys: String, CodingKey {
    case rollout, arms, traffic, stages, conditions, rollback, comparison, tags, budgets, guards, told, remarks
    case playbookSHA256 = "playbook_sha256"
    case minimumDuration = "minimum_duration"
  }

  package init(_ playbook: Playbook) {
    rollout = playbook.name
    playbookSHA256 = playbook.sha256
    arms = [Self.part(playbook.baseline, isBaseline: true)]
    arms += playbook.candidates.map { Self.part($0, isBaseline: false) }
    traffic = trafficTexts(playbook)
    stages = playbook.stages.map { stagePart($0, playbook) }
    conditions =
      playbook.rollbackWhen.map { conditionPart($0, "rollback", of: playbook.rollbackWhen.count, playbook) }
      + playbook.pauseWhen.map { conditionPart($0, "pause", of: playbook.pauseWhen.count, playbook) }
    rollback = playbook.rollbackScope.rawValue
    comparison = comparisonTexts(playbook)
    tags = tagTexts(playbook)
    budgets = budgetTexts(playbook)
    guards = playbook.guards.map { _ in guardTexts(playbook) }
    told = playbook.onDecision.isEmpty ? nil : playbook.onDecision.map(\.words)
    minimumDuration = playbook.stages.reduce(0) { $0 + $1.hold.milliseconds }
    remarks = playbookRemarks(playbook)
  }

  private static func part(_ arm: Arm, isBaseline: Bool) -> ArmPart {
    ArmPart(
      name: arm.name, vendor: arm.vendor, url: arm.url.description,
      credentials: arm.key != nil ? "own" : isBaseline ? "caller" : "none",
      models: arm.models.lines.map { ModelLine(from: $0.from.pattern, to: $0.to) }, droppedFields: droppedFields(arm),
      onlyFields: arm.outgoing.translations[.chatCompletions] != nil
        ? nil : arm.outgoing.vendor.only.map { names in (names + arm.outgoing.keptFields).filter(arm.sends) },
      renamedFields: renamedFields(arm),
      modelFields: (arm.outgoing.byModel + arm.outgoing.vendor.byModel).map { "models \($0.words)" },
      keeps: isBaseline ? [] : arm.outgoing.eligibility.keeps.map(\.rawValue),
      passed: arm.outgoing.headers + arm.outgoing.query.map { "?\($0)" },
      translated: translatedEndpoints(arm),
      jobs: jobsText(arm), absentEndpoints: absentEndpoints(arm),
      reportsCost: Vendor.named(arm.vendor)?.reportsCost ?? false,
      mediaPrices: mediaPrices(arm), effortDays: arm.effortDays,
      overhead: arm.costFactor == 1 ? nil : arm.costFactor - 1, proxy: arm.proxy?.authority,
      reconcile: arm.reconcile > 0 && arm.hasOwnKey(isBaseline: isBaseline) ? arm.reconcile : nil)
  }
}

/// The playbook in words, line by line, for `crossfade check`.
package func explain(_ playbook: Playbook) -> [String] { PlaybookExplanation(playbook).lines }

extension PlaybookExplanation {
  package var lines: [String] {
    var lines = ["\(rollout): from \(arms[0].name) to \(andList(arms.dropFirst().map(\.name)))", "", "Arms"]
    for (index, arm) in arms.enumerated() { lines += armLines(arm, isBaseline: index == 0) }
    lines += ["", "Traffic"] + traffic.map { "  \($0)" }
    lines += ["", "Stages"]
    let width = stages.map(\.name.count).max() ?? 0
    for (index, stage) in stages.enumerated() {
      let number = String(repeating: " ", count: index < 9 && stages.count > 9 ? 1 : 0) + "\(index + 1)."
      let name = stage.name + String(repeating: " ", count: width - stage.name.count)
      lines.append("  \(number) \(name)  \(stage.text)")
    }
    lines.append("  \(durationText(.milliseconds(Int64(minimumDuration)))) at least, from the first stage to the end")
    lines += ["", "Judged"]
    lines += conditions.isEmpty ? ["  nothing: no condition is given"] : conditions.map { "  \($0.text)" }
    if !comparison.isEmpty { lines += ["", "Compared"] + comparison.map { "  \($0)" } }
    if !tags.isEmpty { lines += ["", "Told apart by"] + tags.map { "  \($0)" } }
    if !budgets.isEmpty { lines += ["", "Budgets"] + budgets.map { "  \($0)" } }
    if let guards { lines += ["", "Guarded"] + guards.map { "  \($0)" } }
    if let told { lines += ["", "Told of every decision", "  \(andList(told)), each once, tried for half a minute"] }
    if !remarks.isEmpty { lines += ["", "Remarks"] + remarks.map { "  - \($0)" } }
    return lines
  }

  private func armLines(_ arm: ArmPart, isBaseline: Bool) -> [String] {
    let key =
      switch arm.credentials {
      case "caller": "the callers' own keys pass through"
      case "own": "with a key of its own"
      default: "without credentials"
      }
    let role = isBaseline ? "baseline" : "candidate"
    var lines = ["  \(arm.name) (\(role), \(arm.vendor)): \(arm.url), \(key)"]
    if let proxy = arm.proxy { lines.append("    reached through the proxy \(proxy)") }
    for line in arm.models {
      lines.append("    \(line.from) " + (line.from == line.to ? "under its own name" : "as \(line.to)"))
    }
    if !isBaseline, !arm.models.contains(where: { $0.from == "*" }) {
      lines.append("    any other model never goes to \(arm.name)")
    }
    if !arm.droppedFields.isEmpty {
      lines.append("    never sent to it: \(arm.droppedFields.joined(separator: ", "))")
    }
    if let only = arm.onlyFields {
      lines.append("    of a chat's fields it is sent only: \(only.joined(separator: ", "))")
    }
    lines += outgoingLines(arm) + arm.mediaPrices.map { "    \($0)" }
    if let overhead = arm.overhead {
      lines.append("    costs \(percentText(overhead)) more than its answers and prices say: overhead")
    }
    if let share = arm.reconcile {
      lines.append(
        "    its bills are asked for afterwards: of answers that told no cost, of 100 others and of "
          + "\(percentText(share)) of the rest")
    }
    if let days = arm.effortDays {
      lines.append("    moving to it takes \(decimalText(days, digits: 2)) person-days, by your estimate")
    }
    return lines
  }

  private func outgoingLines(_ arm: ArmPart) -> [String] {
    var lines: [String] = []
    if !arm.renamedFields.isEmpty {
      lines.append("    renamed: " + arm.renamedFields.map { "\($0.from) to \($0.to)" }.joined(separator: ", "))
    }
    lines += arm.modelFields.map { "    \($0)" }
    if !arm.passed.isEmpty { lines.append("    of the caller's also sent to it: \(andList(arm.passed))") }
    if !arm.keeps.isEmpty { lines.append("    keeps what applications demand: \(andList(arm.keeps))") }
    for line in arm.translated ?? [] {
      lines.append("    \(line.from) is said to it as \(line.to), and its answer the other way round")
    }
    if let jobs = arm.jobs { lines.append("    \(jobs), each by a job that is created once and waited for") }
    if !arm.absentEndpoints.isEmpty {
      lines.append("    takes no part in: \(arm.absentEndpoints.joined(separator: ", "))")
    }
    return lines
  }
}
