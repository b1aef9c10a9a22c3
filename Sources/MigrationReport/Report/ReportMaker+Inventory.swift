/// The compatibility inventory: which fields are used, and what becomes of requests that use them.

import Dialects
import RolloutJudge
import TrafficSplit

extension ReportMaker {
  static let otherFields = "(fields no gateway documents)"

  var inventory: Inventory {
    let uses = accounts.shapes.uses
    let baseline = accounts.armPlace(arms[0].name)
    return Inventory(
      requests: uses.reduce(0) { $0 + Self.live($1) }, uncounted: accounts.shapes.uncounted,
      fields: fields(uses), lostFields: arms.dropFirst().flatMap(lostFields),
      unmappedModels: baseline == nil ? [] : arms.dropFirst().flatMap(unmappedModels),
      keptAway: arms.dropFirst().flatMap(keptAway))
  }

  /// Live exchanges, whoever answered.
  private static func live(_ use: RequestShapes.Use) -> Int { use.arms.reduce(0) { $0 + $1.live } }

  private static func names(_ use: RequestShapes.Use) -> [String] {
    use.shape.fields + (use.shape.hasOtherFields ? [otherFields] : [])
  }

  private func fields(_ uses: [RequestShapes.Use]) -> [Inventory.FieldUse] {
    let byEndpoint = Dictionary(grouping: uses, by: \.shape.endpoint.rawValue)
    return byEndpoint.sorted { $0.key < $1.key }.flatMap { endpoint, uses -> [Inventory.FieldUse] in
      let total = uses.reduce(0) { $0 + Self.live($1) }
      let found = Set(uses.flatMap(Self.names)).map { field -> Inventory.FieldUse in
        let (with, without) = (
          uses.filter { Self.names($0).contains(field) }, uses.filter { !Self.names($0).contains(field) }
        )
        let requests = with.reduce(0) { $0 + Self.live($1) }
        return Inventory.FieldUse(
          endpoint: endpoint, field: field, requests: requests,
          share: total > 0 ? Double(requests) / Double(total) : 0, models: Self.models(with),
          treatments: arms.dropFirst().map { treatment($0, field, with, without) })
      }
      return found.filter { $0.requests > 0 }.sorted { ($1.requests, $0.field) < ($0.requests, $1.field) }
    }
  }

  private static func models(_ uses: [RequestShapes.Use]) -> [String] {
    var requests: [String: Int] = [:]
    for use in uses { requests[use.shape.model ?? Breakdown.absent, default: 0] += live(use) }
    return requests.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(5).map(\.key)
  }

  private func treatment(
    _ arm: ReportArm, _ field: String, _ with: [RequestShapes.Use], _ without: [RequestShapes.Use]
  ) -> Inventory.Treatment {
    func treated(_ kind: Inventory.Treatment.Kind, _ note: String) -> Inventory.Treatment {
      Inventory.Treatment(candidate: arm.name, kind: kind, note: note)
    }
    let isDropped = playbook?.candidates.first { $0.name == arm.name }.map { !$0.sends(field: field) } ?? false
    guard let place = accounts.armPlace(arm.name) else { return treated(.notSeen, "no attempt") }
    let (seen, others) = (Self.sum(with, place), Self.sum(without, place))
    if isDropped {
      return treated(.dropped, "cut out of the request by the field policy")
    }
    guard seen.judged > 0 else { return treated(.notSeen, "no such request has reached it") }
    let counts = "\(FigureFormat.count(seen.rejected)) of \(FigureFormat.count(seen.judged))"
    if Self.isClearlyMore(seen.rejected, seen.judged, others.rejected, others.judged) {
      return treated(
        .rejected,
        "\(counts) rejected, without it "
          + "\(FigureFormat.count(others.rejected)) of \(FigureFormat.count(others.judged))")
    }
    if Self.isClearlyMore(seen.mismatches, seen.pairs, others.mismatches, others.pairs) {
      return treated(
        .differs,
        "\(FigureFormat.count(seen.mismatches)) of \(FigureFormat.count(seen.pairs)) answers differ, without it "
          + "\(FigureFormat.count(others.mismatches)) of \(FigureFormat.count(others.pairs))")
    }
    return treated(.kept, "\(FigureFormat.counted(seen.judged, "attempt")), \(counts) rejected")
  }

  private static func sum(_ uses: [RequestShapes.Use], _ arm: Int) -> RequestShapes.Count {
    var sum = RequestShapes.Count()
    for use in uses where use.arms.indices.contains(arm) { sum.add(use.arms[arm]) }
    return sum
  }

  /// Their 99.9% intervals do not even touch: many fields are looked at, and few must be blamed by chance.
  private static func isClearlyMore(_ bad: Int, _ n: Int, _ otherBad: Int, _ otherN: Int) -> Bool {
    guard bad >= 3, let these = Interval.share(bad, of: n, z: 3.29),
      let those = Interval.share(otherBad, of: otherN, z: 3.29)
    else { return false }
    return these.low > those.high
  }

  private func keptAway(_ arm: ReportArm) -> [Inventory.KeptAway] {
    accounts.keptAway(arm: arm.name).sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
      Inventory.KeptAway(candidate: arm.name, reason: $0.key, requests: $0.value)
    }
  }

  private func lostFields(_ arm: ReportArm) -> [Inventory.LostField] {
    guard let pairs = accounts.pairAccount(arm: arm.name), pairs.pairs > 0 else { return [] }
    return pairs.fieldsLost.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { field, count in
      Inventory.LostField(
        candidate: arm.name, field: field, pairs: count, perThousand: 1000 * Double(count) / Double(pairs.pairs))
    }
  }

  private func unmappedModels(_ arm: ReportArm) -> [Inventory.UnmappedModel] {
    guard let map = playbook?.candidates.first(where: { $0.name == arm.name })?.models,
      let baseline = accounts.armPlace(arms[0].name)
    else { return [] }
    return accounts.models.values.indices.compactMap { place -> Inventory.UnmappedModel? in
      let model = accounts.models.values[place]
      guard model != Breakdown.absent, model != Tag.otherValue, map.candidateModel(for: model) == nil else {
        return nil
      }
      let requests = accounts.models.account(place, arm: baseline, population: .live)?.attempts ?? 0
      return requests > 0 ? Inventory.UnmappedModel(candidate: arm.name, model: model, requests: requests) : nil
    }.sorted { ($1.requests, $0.model) < ($0.requests, $1.model) }
  }
}
