/// Reads the stages, and refuses sequences that could not be walked: weights that fall, holds that cannot end.

import RolloutJudge

/// What the next stage is held against.
private struct WalkedStage {
  /// By candidate index; nil where it is not known.
  var weights: [Double?]
  var path: String
  /// Whether messages may show the weights.
  var isShown: Bool
}

extension PlaybookReader {
  mutating func stages(test: TestKind) -> [Stage] {
    let nodes = root["stages"]?.items ?? []
    var stages: [Stage] = []
    var names: [String: String] = [:]
    var previous: WalkedStage?
    for node in nodes where !node.isUnusable {
      if let nameNode = node["name"], let name = nameNode.name, let owner = names.updateValue(node.path, forKey: name) {
        problems.error(at: nameNode, "the name '\(nameNode.shown)' is taken by \(owner)", "every stage needs its own")
      }
      let stage = stage(node, test: test, previous: &previous)
      stages.append(stage)
    }
    checkUse(nodes, stages)
    return stages
  }

  private mutating func stage(
    _ node: PlaybookNode, test: TestKind, previous: inout WalkedStage?
  ) -> Stage {
    // Where a key is misspelt it may be the weight: what is not known does not fall.
    let isKnown = node.entries.allSatisfy { PlaybookKeys.stage[$0.key] != nil }
    let nominal = isKnown || node["weight"] != nil ? shares(node["weight"]) : candidateNames.map { _ in nil }
    let shadow = shares(node["shadow"])
    let holdback = node["holdback"]?.share ?? 0
    let weights = nominal.map { $0.map { $0 * (1 - holdback) } }
    var stage = Stage(
      name: node["name"]?.name ?? "", weights: weights.map { $0 ?? 0 }, shadow: shadow.map { $0 ?? 0 },
      hold: node["hold"]?.duration ?? .zero, minSamples: node["min_samples"]?.count ?? 0,
      minRate: node["min_rate"]?.text.flatMap { readShareOfPeak($0).value },
      maxHold: node["max_hold"]?.duration, needsApproval: node["approval"]?.flag ?? false, holdback: holdback)
    if let advance = node["advance"]?.text.flatMap(Stage.Advance.init) { stage.advance = advance }
    checkSum(nominal, at: node["weight"] ?? node)
    checkHoldback(node, nominal)
    let walked = WalkedStage(weights: weights, path: node.path, isShown: isAsWritten(node))
    if let previous { checkFall(node, walked, after: previous) }
    checkLiveWeight(node, stage)
    checkHold(node, stage)
    checkProven(node, stage, test, isKnown: !(nominal + shadow).contains(nil))
    previous = walked
    return stage
  }

  /// A holdback is the control of a stage that would have none.
  private mutating func checkHoldback(_ node: PlaybookNode, _ nominal: [Double?]) {
    guard let holdback = node["holdback"], holdback.share != nil, !nominal.contains(nil) else { return }
    let sum = nominal.compactMap(\.self).reduce(0, +)
    guard sum < 1 - 1e-9 else { return }
    let left = isAsWritten(node) ? percentText(1 - sum) : "some"
    problems.error(
      at: holdback, "the stage leaves \(left) on the baseline anyway", "a holdback is for weights of 100%")
  }

  private mutating func checkFall(_ node: PlaybookNode, _ stage: WalkedStage, after previous: WalkedStage) {
    for (index, label) in candidateLabels.enumerated() {
      guard let before = previous.weights[index], let now = stage.weights[index], now < before - 1e-12 else { continue }
      let isShown = stage.isShown && previous.isShown
      let change = isShown ? " from \(percentText(before)) to \(percentText(now))" : ""
      problems.error(
        at: node["weight"] ?? node, "the weight of '\(label)' falls\(change) after \(previous.path)",
        "weights rise or stay; a rollback is what takes them back")
    }
  }

  /// Whether the stage's shares stand in the file itself, and so may be shown.
  private func isAsWritten(_ node: PlaybookNode) -> Bool {
    [node["weight"], node["holdback"]].compactMap(\.self).allSatisfy { share in
      ([share] + share.entries.map(\.value)).compactMap(\.scalar).allSatisfy { $0.text == $0.source }
    }
  }

  private mutating func checkLiveWeight(_ node: PlaybookNode, _ stage: Stage) {
    guard ["baseline", "shadow"].contains(stage.name), stage.weights.contains(where: { $0 > 0 }) else { return }
    problems.error(
      at: node["weight"] ?? node, "a stage named '\(node["name"]?.shown ?? "")' sends nothing live",
      "remove the weight, or rename the stage")
  }

  private mutating func checkHold(_ node: PlaybookNode, _ stage: Stage) {
    if let hold = node["hold"], hold.duration == .zero, stage.minSamples == 0, stage.advance == .held,
      !stage.needsApproval
    {
      problems.error(at: hold, "nothing holds this stage", "say how long, or min_samples, or approval: true")
    }
    guard let maxHold = node["max_hold"], let duration = maxHold.duration else { return }
    if stage.advance != .proven {
      problems.error(at: maxHold, "max_hold bounds 'advance: proven' only", "remove it, or say advance: proven")
    } else if node["hold"]?.duration != nil, duration < stage.hold {
      problems.error(at: maxHold, "'\(maxHold.shown)' is shorter than hold, '\(node["hold"]?.shown ?? "")'")
    }
  }

  private mutating func checkProven(_ node: PlaybookNode, _ stage: Stage, _ test: TestKind, isKnown: Bool) {
    guard let advance = node["advance"], stage.advance == .proven else { return }
    if isKnown, !(stage.weights + stage.shadow).contains(where: { $0 > 0 }) {
      problems.error(at: advance, "a stage without weight and shadow proves nothing", "say shadow: 100%")
    }
    if root["rollback_when"]?.entries.isEmpty ?? true {
      problems.error(at: advance, "there is no limit to prove", "say rollback_when")
    }
    if case .threshold = test {
      problems.error(at: advance, "a threshold test proves nothing", "say test: sequential")
    }
    if node["max_hold"] == nil {
      problems.warning(at: advance, "the stage may stay undecided without an end", "say max_hold")
    }
  }

  private mutating func checkUse(_ nodes: [PlaybookNode], _ stages: [Stage]) {
    guard !nodes.isEmpty, !problems.hasErrors else { return }
    let unused = candidateLabels.indices.filter { index in
      stages.allSatisfy { $0.weights[index] == 0 && $0.shadow[index] == 0 }
    }
    for index in unused {
      // A playbook that only measures the baseline is a sound beginning.
      problems.warning(
        at: root["stages"] ?? root, "no stage sends anything to '\(candidateLabels[index])'",
        "give it a weight or a shadow share")
    }
    for (node, stage) in zip(nodes, stages) where stage.shadow.contains(where: { $0 > 0 }) {
      guard stage.weights.reduce(0, +) > 1 - 1e-9, let shadow = node["shadow"] else { continue }
      problems.warning(at: shadow, "at 100% the baseline has no requests to copy", "remove it")
    }
  }
}
