/// Whether stages follow each other in a journal as they must, and weights are those of their stages.

/// Follows the places from decision to decision with nothing but what stands in them.
struct StageAudit {
  /// The rollout's stage; nil before the start.
  private var stage: Int?
  /// Candidates that have a place of their own: its index, nil where a changed playbook may have moved it, and its name.
  private var own: [String: (index: Int?, name: String?)] = [:]
  private var closed: Set<String> = []
  /// By candidate: the models that were taken back from it.
  private var taken: [String: Set<String>] = [:]
  private var sha256: String?

  /// Candidates that are rolled back after what has been read.
  var rolledBack: Set<String> { closed }

  /// - Returns: Names of the candidates that leave a stage with an advance or a completion, with its index.
  func leaving(_ decision: Decision) -> (stage: Int, candidates: Set<String>)? {
    if let name = decision.candidate { return own[name]?.index.map { ($0, [name]) } }
    guard let stage else { return nil }
    let together = decision.weightsAfter.keys.filter { name in
      !closed.contains(name) && (own[name].map { $0.index == stage } ?? true)
    }
    return (stage, Set(together))
  }

  /// - Returns: What does not follow from the decisions read before.
  mutating func read(_ decision: Decision) -> [String] {
    var found: [String] = []
    if let sha256, decision.playbookSHA256 != sha256, decision.decision != .configChanged {
      found.append("was taken under another playbook, unannounced")
    }
    sha256 = decision.playbookSHA256
    guard let stage else {
      self.stage = decision.stageIndex
      return found + (decision.stageIndex == 0 ? [] : ["a rollout starts in its first stage"])
    }
    switch decision.decision {
    case .advance: found += advance(decision, stage)
    case .rearm: found += rearm(decision, stage)
    case .configChanged: change(decision)
    case .rollback where decision.model != nil: found += takeBack(decision)
    case .rollback:
      let names = decision.candidate.map { [$0] } ?? Array(decision.weightsAfter.keys)
      closed.formUnion(names)
      for name in names { own[name] = nil }
    default: break
    }
    let mayMove: Set<Decision.Kind> = [.advance, .rearm, .configChanged]
    if !mayMove.contains(decision.decision), decision.stageIndex != stage {
      found.append("a \(decision.decision.rawValue) cannot move from stage \(stage) to \(decision.stage)")
    }
    return found
  }

  /// A model's rollback leaves the candidate where it is.
  private mutating func takeBack(_ decision: Decision) -> [String] {
    guard let name = decision.candidate, let model = decision.model, decision.weightsAfter[name] != nil else {
      return ["takes a model back from no candidate"]
    }
    var found = closed.contains(name) ? ["takes a model back from \(name), which is rolled back"] : []
    if !taken[name, default: []].insert(model).inserted {
      found.append("takes \(model.plainText) back from \(name) once more")
    }
    if decision.weightsAfter != decision.weightsBefore { found.append("takes a model back and changes a weight") }
    return found
  }

  private mutating func advance(_ decision: Decision, _ stage: Int) -> [String] {
    guard let name = decision.candidate else {
      self.stage = decision.stageIndex
      own = own.filter { $0.value.index != stage }
      return decision.stageIndex == stage + 1 ? [] : ["advances from stage \(stage) to stage \(decision.stageIndex)"]
    }
    guard let place = own[name] else { return ["advances \(name), which has no stage of its own"] }
    own[name] = (decision.stageIndex, decision.stage)
    if let index = place.index, decision.stageIndex != index + 1 {
      return ["advances \(name) from stage \(index) to stage \(decision.stageIndex)"]
    }
    return decision.stageIndex <= stage ? [] : ["advances \(name) beyond the others"]
  }

  private mutating func rearm(_ decision: Decision, _ stage: Int) -> [String] {
    let reopened = decision.candidate.map { [$0] } ?? (closed.isEmpty ? Array(taken.keys) : Array(closed))
    closed.subtract(reopened)
    for name in reopened { taken[name] = nil }
    let areOthersOpen = decision.weightsAfter.keys.contains { !closed.contains($0) && !reopened.contains($0) }
    guard areOthersOpen else {
      self.stage = decision.stageIndex
      own = [:]
      return []
    }
    for name in reopened { own[name] = (decision.stageIndex, decision.stage) }
    return decision.stageIndex <= stage ? [] : ["re-arms ahead of the others"]
  }

  private mutating func change(_ decision: Decision) {
    for name in decision.renewed ?? [] { taken[name] = nil }
    let renewed = Set(decision.renewed ?? []).subtracting(closed)
    let open = Set(decision.weightsAfter.keys).subtracting(closed)
    stage = decision.stageIndex
    if !renewed.isEmpty, open.isSubset(of: renewed) {
      own = [:]
    } else {
      own = own.mapValues { (nil, $0.name) }
      for name in renewed { own[name] = (nil, nil) }
    }
  }

  /// A decision gives a candidate its stage's weight or none.
  func faults(_ decision: Decision, under playbook: Playbook) -> [String] {
    guard playbook.stages.indices.contains(decision.stageIndex),
      playbook.stages[decision.stageIndex].name == decision.stage
    else { return ["its stage, \(decision.stage), is not the playbook's"] }
    guard let stage, playbook.stages.indices.contains(stage) else { return [] }
    return playbook.candidates.indices.compactMap { index in
      let name = playbook.candidates[index].name
      let given = decision.weightsAfter[name] ?? 0
      var possible = [playbook.stages[stage]]
      if let place = own[name] {
        possible = place.name.map { name in playbook.stages.filter { $0.name == name } } ?? playbook.stages
      }
      guard given != 0, !possible.contains(where: { abs(given - $0.weights[index]) <= 1e-12 }) else { return nil }
      let expected = possible.first ?? playbook.stages[stage]
      return "gives \(name) \(Wording.share(given)), stage \(expected.name) \(Wording.share(expected.weights[index]))"
    }
  }
}
