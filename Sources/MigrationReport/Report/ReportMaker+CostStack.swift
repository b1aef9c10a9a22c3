/// The five layers that a route's cost is made of, each saying what was measured and what could not be.

import RolloutJudge
import TrafficSplit

extension ReportMaker {
  func costStack(_ bases: [ArmBasis]) -> [CostLayer] {
    [usage(bases), routePrices(bases), failureWaste(bases), overhead(bases), sprawl()]
  }

  private func cell(_ basis: ArmBasis, _ value: Double?, _ note: String? = nil) -> WorksheetCell {
    WorksheetCell(arm: basis.arm.name, value: value, note: note)
  }

  /// Known costs are all there is, some of it, or none of it.
  private func coverage(_ bases: [ArmBasis]) -> CostLayer.Measured {
    let used = bases.filter { $0.account.attempts > 0 }
    guard used.contains(where: { $0.account.cost.total != nil }) else { return .no }
    return used.allSatisfy { ($0.account.cost.unknownShare ?? 0) == 0 && $0.account.cost.total != nil } ? .yes : .partly
  }

  private func usage(_ bases: [ArmBasis]) -> CostLayer {
    CostLayer(
      id: "usage", label: "Usage", measured: coverage(bases), unit: .dollars,
      cells: bases.map { basis in
        let cost = basis.account.cost
        return cell(basis, cost.total.map { $0 - cost.failed }, basis.isShadow ? "of copies" : nil)
      },
      explanation:
        "What answers that ended ok cost, as the arm reported it or from its tokens and the playbook's prices.")
  }

  /// The candidate's tokens at the difference of the two arms' dollars per token, for each model that both have answered.
  private func routePrices(_ bases: [ArmBasis]) -> CostLayer {
    var isComplete = true
    let cells = bases.map { basis -> WorksheetCell in
      if basis.arm.isBaseline { return cell(basis, nil, "what the others are held against") }
      guard let population = basis.population, let found = priceDifference(basis.arm, population) else {
        isComplete = false
        return cell(basis, nil, "no model with known cost and tokens on both arms")
      }
      if found.share < 0.95 { isComplete = false }
      return cell(basis, found.dollars, "over \(FigureFormat.share(found.share)) of its tokens")
    }
    let known = cells.contains { $0.value != nil }
    return CostLayer(
      id: "route_prices", label: "Price differences between routes",
      measured: !known ? .no : isComplete ? .yes : .partly,
      unit: .dollars, cells: cells,
      explanation:
        "What the candidate's tokens cost more (or, negative, less) than at the baseline's average price for the "
        + "same model. Tokenizers and the mix of prompt and completion differ between requests, so this is an estimate."
    )
  }

  private func priceDifference(_ arm: ReportArm, _ population: Population) -> (dollars: Double, share: Double)? {
    guard let candidate = accounts.armPlace(arm.name), let baseline = accounts.armPlace(arms[0].name) else {
      return nil
    }
    var (dollars, counted, all) = (0.0, 0, 0)
    for place in accounts.models.values.indices {
      guard let ours = accounts.models.account(place, arm: candidate, population: population) else { continue }
      all += ours.tokens.total
      guard let theirs = accounts.models.account(place, arm: baseline, population: .live),
        let cost = ours.cost.total, let other = theirs.cost.total, ours.tokens.total > 0, theirs.tokens.total > 0
      else { continue }
      dollars += cost - other / Double(theirs.tokens.total) * Double(ours.tokens.total)
      counted += ours.tokens.total
    }
    return counted > 0 ? (dollars, Double(counted) / Double(all)) : nil
  }

  private func failureWaste(_ bases: [ArmBasis]) -> CostLayer {
    let cells = bases.map(wasteCell)
    let isComplete = bases.allSatisfy {
      $0.account.cost.wasted != nil && $0.account.cost.failedKnown == $0.account.cost.failedCount
    }
    return CostLayer(
      id: "failure_waste", label: "Failure waste",
      measured: isComplete ? .yes : cells.contains { $0.value != nil } ? .partly : .no, unit: .dollars, cells: cells,
      explanation: "What attempts cost that did not end ok, and what the baseline's rescues cost. Most vendors tell no "
        + "cost of a failure, and some charge for it all the same.")
  }

  private func wasteCell(_ basis: ArmBasis) -> WorksheetCell {
    let cost = basis.account.cost
    var notes: [String] = []
    if cost.failedCount > cost.failedKnown {
      let silent = cost.failedCount - cost.failedKnown
      notes.append("\(FigureFormat.count(silent)) of \(FigureFormat.counted(cost.failedCount, "failure")) told no cost")
    }
    if let bills = accounts.bills(arm: basis.arm.name), bills.found > 0 {
      let answers = FigureFormat.counted(bills.found, "answer")
      notes.append("\(FigureFormat.dollars(bills.foundDollars)) more was billed for \(answers) that told no cost")
    }
    let rescues = basis.isShadow ? 0 : accounts.rescueCost(arm: basis.arm.name) ?? 0
    if rescues > 0 { notes.append("\(FigureFormat.dollars(rescues)) of it the baseline's rescues") }
    let value = rescues > 0 ? (cost.wasted ?? 0) + rescues : cost.wasted
    return cell(basis, value, notes.isEmpty ? nil : notes.joined(separator: "; "))
  }

  private func overhead(_ bases: [ArmBasis]) -> CostLayer {
    CostLayer(
      id: "engineering_overhead", label: "Engineering overhead", measured: .no, unit: .days,
      cells: bases.map { basis in
        basis.arm.isBaseline
          ? cell(basis, nil, "not known")
          : cell(
            basis, basis.arm.effortDays,
            basis.arm.effortDays == nil ? "give effort_days: in the playbook" : "person-days, as estimated")
      },
      explanation:
        "No proxy can measure it: the operator's own estimate (effort_days) is repeated. Multiply by your day rate.")
  }

  private func sprawl() -> CostLayer {
    let unmapped = inventory.unmappedModels
    let baseline = accounts.armPlace(arms[0].name)
    let cells = arms.map { arm -> WorksheetCell in
      guard !arm.isBaseline, playbook != nil else {
        return WorksheetCell(arm: arm.name, value: nil, note: arm.isBaseline ? nil : "needs the playbook")
      }
      let models = Set(unmapped.filter { $0.candidate == arm.name }.map(\.model))
      let cost = accounts.models.values.indices.filter { models.contains(accounts.models.values[$0]) }.reduce(0.0) {
        sum, place in
        let account = baseline.flatMap { accounts.models.account(place, arm: $0, population: .live) }
        return sum + (account?.cost.total ?? 0)
      }
      let names = models.sorted().prefix(3).joined(separator: ", ")
      let note =
        models.isEmpty
        ? "every model seen is mapped" : "\(FigureFormat.counted(models.count, "model")) without a mapping: \(names)"
      return WorksheetCell(arm: arm.name, value: cost, note: note)
    }
    return CostLayer(
      id: "modality_sprawl", label: "Modality sprawl", measured: playbook == nil ? .no : .partly, unit: .dollars,
      cells: cells,
      explanation:
        "What stays with the baseline because the candidate has no such model, so that two contracts are paid. "
        + "Images, audio and video are passed on without being read: what they cost is not in it.")
  }
}
