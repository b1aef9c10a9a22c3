/// The worksheet that teams fill by hand: six rows, one column for each arm.

import RolloutJudge
import TrafficSplit

extension ReportMaker {
  func worksheet(_ bases: [ArmBasis]) -> [WorksheetRow] {
    func row(_ id: String, _ label: String, _ unit: FigureUnit, _ cell: (ArmBasis) -> (Double?, String?))
      -> WorksheetRow
    {
      let cells = bases.map { basis in
        let (value, note) = cell(basis)
        return WorksheetCell(arm: basis.arm.name, value: value, note: note)
      }
      return WorksheetRow(id: id, label: label, unit: unit, cells: cells)
    }
    return [
      row("cost_per_outcome", "Cost per outcome", .dollars) { ($0.account.costPerOutcome, costNote($0.account)) },
      row("retry_rate", "Retry rate", .share) { basis in
        basis.isShadow ? (nil, "copies are not retried") : (basis.account.retryRate, nil)
      },
      row("errors_per_thousand", "Errors per 1,000", .perThousand) { basis in
        (basis.account.errorRate.map { $0 * 1000 }, errorNote(basis.account))
      },
      row("latency_p95", "p95 latency", .milliseconds) { basis in
        (basis.account.times.latency.milliseconds(at: 0.95), latencyNote(basis.account))
      },
      row("vendors_in_critical_path", "Vendors in the critical path", .count) { basis in
        let vendors = criticalVendors(basis.arm)
        return (vendors.isEmpty ? nil : Double(vendors.count), vendors.joined(separator: "; "))
      },
      row("effort_days", "Migration effort, person-days", .days) { basis in
        if basis.arm.isBaseline { return (0, "in use today") }
        return (
          basis.arm.effortDays, basis.arm.effortDays == nil ? "give effort_days: in the playbook" : "as estimated"
        )
      },
    ]
  }

  private func costNote(_ account: AttemptAccount) -> String? {
    guard account.cost.total != nil else { return "no cost is known" }
    var notes: [String] = []
    if let share = account.cost.unknownShare, share > 0 {
      notes.append("at least: the cost of \(FigureFormat.share(share)) of its answers is unknown")
    }
    if account.cost.derivedCount > account.cost.reportedCount { notes.append("from tokens and the playbook's prices") }
    if account.reports.count > 0 {
      notes.append("\(FigureFormat.count(account.reports.count)) outcomes as the application reported")
    }
    return notes.isEmpty ? nil : notes.joined(separator: "; ")
  }

  private func errorNote(_ account: AttemptAccount) -> String? {
    guard let interval = Interval.share(account.errors, of: account.judged) else { return nil }
    let (low, high) = (FigureFormat.fixed(interval.low * 1000, 1), FigureFormat.fixed(interval.high * 1000, 1))
    return "\(low) to \(high) at 95%"
  }

  private func latencyNote(_ account: AttemptAccount) -> String? {
    let latency = account.times.latency
    guard latency.count > 0 else { return nil }
    guard let interval = Interval.quantile(0.95, of: latency) else {
      return "too few answers to say how sure: \(latency.count)"
    }
    return "\(FigureFormat.milliseconds(interval.low)) to \(FigureFormat.milliseconds(interval.high)) at 95%"
  }

  /// Whose outage is the application's, were all of its traffic on this arm as far as the playbook lets it.
  func criticalVendors(_ arm: ReportArm) -> [String] {
    guard let playbook else { return [] }
    func named(_ arm: Arm) -> String { arm.name == arm.vendor ? arm.name : "\(arm.name) (\(arm.vendor))" }
    let baseline = named(playbook.baseline)
    guard !arm.isBaseline, let candidate = playbook.candidates.first(where: { $0.name == arm.name }) else {
      return [baseline]
    }
    var why: [String] = []
    let unmapped = inventory.unmappedModels.count { $0.candidate == arm.name }
    if unmapped > 0 { why.append(FigureFormat.counted(unmapped, "model") + " not mapped") }
    let most = playbook.stages.last.flatMap { stage in
      playbook.candidates.firstIndex { $0.name == arm.name }.map { stage.weights[$0] }
    }
    if let most, most < 1 { why.append("the last stage leaves it \(FigureFormat.weight(1 - most)) of the traffic") }
    let own = named(candidate)
    return why.isEmpty ? [own] : [own, "\(baseline), as \(why.joined(separator: " and "))"]
  }
}
