/// What an operator should know although nothing is wrong: privacy, missing controls, money, vendors' quirks.

import RolloutJudge
import TrafficSplit
import Vendors

/// The gravest first.
func playbookRemarks(_ playbook: Playbook) -> [String] {
  privacyRemarks(playbook) + controlRemarks(playbook) + moneyRemarks(playbook) + vendorRemarks(playbook)
}

/// Dropping a field changes what an application asked for; with `provider` that can be a promise about its data.
private func privacyRemarks(_ playbook: Playbook) -> [String] {
  var remarks: [String] = []
  let losses: [(fields: [String], loss: String)] = [
    (
      ["provider"],
      "what applications prefer there (order, sort, max_price, quantizations) does not bind it"
    ),
    (["reasoning"], "the thinking effort that applications ask for does not reach it"),
  ]
  for candidate in playbook.candidates {
    let open = Demand.allCases.filter { !candidate.outgoing.eligibility.keeps.contains($0) }
    if !open.isEmpty {
      remarks.append(
        "privacy: requests that demand \(orList(open.map(\.rawValue))) of their provider stay on "
          + "\(playbook.baseline.name), as \(candidate.name) has not promised it: keeps")
    }
    for (fields, loss) in losses {
      let dropped = fields.filter { !candidate.sends(field: $0) }
      guard !dropped.isEmpty else { continue }
      let names = andList(dropped.map { "'\($0)'" })
      remarks.append("\(names) \(dropped.count == 1 ? "is" : "are") not sent to \(candidate.name): \(loss)")
    }
  }
  if let semantic = playbook.compare.semantic, semantic.share > 0, !semantic.url.isLoopback {
    remarks.append("answers' texts go to \(semantic.url.host) to be compared: compare.semantic")
  }
  return remarks
}

private func controlRemarks(_ playbook: Playbook) -> [String] {
  var remarks: [String] = []
  let isLive = playbook.stages.contains { $0.weights.contains { $0 > 0 } }
  if isLive, playbook.rollbackWhen.isEmpty {
    remarks.append("nothing rolls a candidate back by itself: rollback_when is empty")
  }
  remarks += scopeRemarks(playbook)
  remarks += playbook.stages.indices.flatMap { uncontrolled(playbook, $0) }
  if case .threshold = playbook.test {
    remarks.append("a threshold test keeps no promise about false alarms: 'confidence' is not used")
  }
  if playbook.pauseWhen.contains(where: { $0.metric.isOfPairs })
    || playbook.rollbackWhen.contains(where: { $0.metric.isOfPairs }), playbook.shadow.noise == 0
  {
    remarks.append("shadow.noise is 0%: a model's own variation counts as a mismatch of the candidate")
  }
  if playbook.traffic.allowsOverride { remarks.append("any client may choose its arm with the header x-crossfade-arm") }
  for (index, candidate) in playbook.candidates.enumerated()
  where playbook.stages.allSatisfy({ $0.weights[index] == 0 }) {
    remarks.append("\(candidate.name) never answers a live request: it only gets copies")
  }
  return remarks
}

/// Which rollbacks take all of a candidate although single models are to go back.
private func scopeRemarks(_ playbook: Playbook) -> [String] {
  guard playbook.rollbackScope == .model else { return [] }
  guard playbook.tellsModelsApart else {
    return ["rollback: model takes back a whole candidate: none of them serves more than one model"]
  }
  var remarks = [
    "a model that was taken back stays on \(playbook.baseline.name), copies too, until 'crossfade rearm' gives it back; "
      + "the other models' evidence begins anew without it"
  ]
  var whole: [String] = []
  for metric in playbook.rollbackWhen.map(\.metric) where !metric.isOfModels && !whole.contains(metric.rawValue) {
    whole.append(metric.rawValue)
  }
  if !whole.isEmpty {
    remarks.append("\(andList(whole)) is about all requests: its rollback takes the candidate with all of its models")
  }
  return remarks
}

/// What becomes of limits against the baseline in a stage that leaves the baseline nothing.
private func uncontrolled(_ playbook: Playbook, _ index: Int) -> [String] {
  let stage = playbook.stages[index]
  guard stage.hasNoControl else { return [] }
  // A gate compares windows, and the baseline's is empty.
  let remembers = playbook.test == .sequential
  let ratios = (playbook.rollbackWhen + playbook.pauseWhen).filter { $0.hasRatio && !$0.metric.isOfPairs }
  let wasSeen =
    remembers
    && playbook.stages[..<index].contains {
      $0.shadow.contains { $0 > 0 } || ($0.weights.contains { $0 > 0 } && !$0.hasNoControl)
    }
  let last = ratios.filter { wasSeen && !$0.metric.isMean }
  let blind = ratios.filter { !wasSeen || $0.metric.isMean }
  func names(_ conditions: [Condition]) -> String {
    var names: [String] = []
    for name in conditions.map(\.metric.rawValue) where !names.contains(name) { names.append(name) }
    return andList(names)
  }
  var remarks: [String] = []
  if !last.isEmpty {
    remarks.append(
      "stage \(stage.name) has no control: without a holdback \(names(last)) \(last.count == 1 ? "is" : "are") held against the "
        + "baseline as it was last seen, and what has changed on both arms since counts against the candidate")
  }
  if !blind.isEmpty, wasSeen {
    remarks.append(
      "stage \(stage.name) has no control: without a holdback \(names(blind)) \(blind.count == 1 ? "is" : "are") not judged "
        + "against the baseline at 100%")
  } else if !blind.isEmpty {
    let isRescued = remembers && !playbook.traffic.fallback.isEmpty && blind.contains(where: \.metric.hasRescues)
    let rescued = isRescued ? ", and those that rescues of failed canaries show," : ""
    remarks.append(
      "stage \(stage.name) has no control: without a holdback only absolute conditions\(rescued) are judged at 100%")
  }
  return remarks
}

private func moneyRemarks(_ playbook: Playbook) -> [String] {
  guard playbook.stages.contains(where: { $0.shadow.contains { $0 > 0 } }) else { return [] }
  guard let budget = playbook.shadow.dollarsPerDay else {
    return ["copies cost what the candidates charge, without a bound: shadow.budget is not given"]
  }
  return ["copies stop for the day (UTC) after \(dollarsText(budget)) of known cost"]
}

private func vendorRemarks(_ playbook: Playbook) -> [String] {
  playbook.candidates.compactMap { arm in
    Vendor.named(arm.vendor)?.remark.map { "\(arm.name) (\(arm.vendor)): \($0)" }
  }
}
