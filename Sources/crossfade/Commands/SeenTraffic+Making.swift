/// Holds the requests that were counted against what a playbook's candidates are sent.

import ArmProbe
import Dialects
import MigrationReport
import RolloutJudge
import SidecarProxy
import TrafficSplit

extension SeenTraffic {
  /// - Parameters:
  ///   - accounts: of a running or an earlier process.
  init(_ accounts: Accounts, _ playbook: Playbook, source: String) {
    let uses = accounts.shapes.uses.map { use in (shape: use.shape, live: use.arms.reduce(0) { $0 + $1.live }) }
      .filter { $0.live > 0 }
    self.init(
      source: source, requests: uses.reduce(0) { $0 + $1.live },
      candidates: playbook.candidates.map { arm in
        var forecast = TrafficForecast(arm)
        for use in uses { forecast.count(use.shape, use.live) }
        var candidate = forecast.candidate
        candidate.keptAway = accounts.keptAway(arm: arm.name)
        return candidate
      })
  }

  /// What a running process tells: not the fields, which its store has.
  init(_ status: RolloutStatus, _ playbook: Playbook, source: String) {
    self.init(
      source: source, requests: 0,
      candidates: playbook.candidates.map { arm in
        var candidate = Candidate(name: arm.name)
        candidate.keptAway = status.ineligible?[arm.name] ?? [:]
        candidate.unmappedModels = status.unmappedModels?[arm.name] ?? [:]
        return candidate
      })
  }
}

/// What will become of requests towards one candidate.
struct TrafficForecast {
  private let arm: Arm
  private let treatments: FieldTreatments
  private var counted: SeenTraffic.Candidate
  /// By endpoint, field and treatment.
  private var counts: [Key: Int] = [:]
  private var doubts: [Doubt: Int] = [:]

  private struct Key: Hashable {
    var endpoint: Endpoint
    var field: String
    var treatment: FieldTreatment
  }

  private struct Doubt: Hashable {
    var endpoint: Endpoint
    var field: String
    var reason: Ineligibility
  }

  init(_ arm: Arm) {
    self.arm = arm
    treatments = FieldTreatments(of: arm)
    counted = SeenTraffic.Candidate(name: arm.name)
  }

  /// - Parameter requests: live ones of this shape.
  mutating func count(_ shape: RequestShape, _ requests: Int) {
    guard treatments.answers(shape.endpoint, with: shape.fields) else {
      counted.staying[Ineligibility.endpointAbsent.rawValue, default: 0] += requests
      return
    }
    guard let asked = shape.model, let model = arm.models.candidateModel(for: asked) else {
      counted.staying[Ineligibility.modelUnmapped.rawValue, default: 0] += requests
      counted.unmappedModels[shape.model ?? "(none named)", default: 0] += requests
      return
    }
    counted.eligible += requests
    let others = shape.hasOtherFields ? [Self.others] : []
    for field in shape.fields + others where field != "model" {
      if let reason = treatments.mayStay(for: field, among: shape.fields, on: shape.endpoint) {
        doubts[Doubt(endpoint: shape.endpoint, field: field, reason: reason), default: 0] += requests
      }
      guard
        let treatment = treatments.treatment(
          of: field, among: shape.fields, on: shape.endpoint, model: model, asked: asked)
      else { continue }
      counts[Key(endpoint: shape.endpoint, field: field, treatment: treatment), default: 0] += requests
    }
  }

  /// A name that is in no documentation stands for all of those.
  private static let others = "(fields no gateway documents)"

  /// The most used first.
  var candidate: SeenTraffic.Candidate {
    var candidate = counted
    candidate.mayStay = doubts.sorted { ($1.value, $0.key.field) < ($0.value, $1.key.field) }.map { doubt, requests in
      SeenTraffic.Field(
        endpoint: doubt.endpoint.rawValue, field: doubt.field, to: doubt.reason.rawValue, requests: requests)
    }
    let sorted = counts.sorted {
      ($1.value, $0.key.field, $0.key.endpoint.rawValue) < ($0.value, $1.key.field, $1.key.endpoint.rawValue)
    }
    for (key, requests) in sorted {
      var field = SeenTraffic.Field(endpoint: key.endpoint.rawValue, field: key.field, requests: requests)
      switch key.treatment {
      case .sent: break
      case .cut: candidate.cut.append(field)
      case .renamed(let name):
        field.to = name
        candidate.renamed.append(field)
      case .mapped(let words):
        field.to = words
        candidate.mapped.append(field)
      }
    }
    return candidate
  }
}
