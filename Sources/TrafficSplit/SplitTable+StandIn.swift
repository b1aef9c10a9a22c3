/// The candidate that may answer in the baseline's place where the baseline itself has failed.

extension SplitTable {
  /// Only one that the stage trusts with live requests of this kind, and only with a request that may go to it.
  ///
  /// - Parameter isSpent: a candidate that may cost no more today.
  /// - Returns: the one with the largest share, and its own id of the model; nil where there is none.
  package func standIn(
    for request: some RequestAttributes, isSpent: (ArmIndex) -> Bool
  ) -> (arm: ArmIndex, model: String)? {
    guard !stageLane.live.isEmpty, request.endpoint != nil, let model = request.model else { return nil }
    let resolution = directory.resolve(model)
    let lane = lane(for: request)
    var allowed = resolution.candidates.intersection(open).intersection(lane.live)
    turnAway(request, model, request.traits, from: &allowed) { _, _ in }
    let candidates = weights.indices.filter { allowed.contains($0) && !isSpent(.candidate($0)) }
    let shares = lane.shares(of: allowed)
    guard let best = candidates.max(by: { shares[$0] < shares[$1] }), shares[best] > 0,
      let own = directory.candidateModel(best, for: model, resolution)
    else { return nil }
    return (.candidate(best), own)
  }
}
