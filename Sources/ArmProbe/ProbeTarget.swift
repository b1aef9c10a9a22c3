/// One arm to be probed, and what is asked of it.

import Dialects
import MediaJobs
package import RolloutJudge
import TrafficSplit
import Vendors

package struct ProbeTarget: Sendable {
  package enum Role: String, Sendable, Encodable { case baseline, candidate }

  package var arm: Arm
  package var role: Role
  /// Sent as the arm takes it; nil: none is.
  package var key: Secret?
  /// The arm's own ids, of what the playbook maps to it; a `*` stands for any run of characters.
  package var models: [String]

  /// - Parameters:
  ///   - key: in place of the arm's own, for a baseline whose key is the application's.
  package init(arm: Arm, role: Role, key: Secret? = nil, models: [String]) {
    self.arm = arm
    self.role = role
    self.key = key ?? arm.key
    self.models = models
  }

  /// The baseline under the application's ids, and each candidate under its own, in the playbook's order.
  ///
  /// - Parameter baselineKey: where the playbook gives the baseline none.
  package static func all(of playbook: Playbook, baselineKey: Secret?) -> [ProbeTarget] {
    let asked = playbook.candidates.flatMap { $0.models.lines.map(\.from.pattern) }
    let baseline = ProbeTarget(
      arm: playbook.baseline, role: .baseline, key: playbook.baseline.key ?? baselineKey,
      // What every model is mapped from is no model.
      models: distinct(asked).filter { $0 != "*" })
    return [baseline]
      + playbook.candidates.map { arm in
        ProbeTarget(arm: arm, role: .candidate, models: distinct(arm.models.lines.map(\.to)).filter { $0 != "*" })
      }
  }

  private static func distinct(_ models: [String]) -> [String] {
    var seen: Set<String> = []
    return models.filter { seen.insert($0).inserted }
  }

  /// Whether requests to it leave this machine.
  package var isLoopback: Bool { place.isLoopback }

  /// The pictures and videos that it makes by jobs.
  package var jobs: ArmJobs? { role == .candidate ? arm.outgoing.jobs : nil }

  package var makesPictures: Bool { jobs?.row.pictures != nil }

  /// It answers no text: a list of models is not asked for.
  package var isOfJobsAlone: Bool { jobs != nil && Vendor.named(arm.vendor)?.answersText == false }

  /// Where it is asked.
  var place: ArmURL { isOfJobsAlone ? jobs?.url ?? arm.url : arm.url }

  /// The endpoint of small questions: Anthropic's own chat/completions is for testing only.
  var questionEndpoint: Endpoint { arm.vendor == "anthropic" ? .messages : .chatCompletions }

  /// Texts that must not be shown, longest first, so that none is left over by its own part.
  var secrets: [String] {
    ([key, arm.proxy?.credentials].compactMap(\.self) + arm.headers.map(\.value)).map(\.exposed).filter {
      $0.count >= 4
    }
    .sorted { $0.count > $1.count }
  }

  /// Header lines of a request; without the key where it is to be asked as a stranger.
  func headerLines(withKey: Bool) -> [String] {
    var lines: [String] = []
    if withKey, let key {
      switch arm.authentication {
      case .bearer: lines.append("Authorization: Bearer \(key.exposed)")
      case .scheme(let scheme): lines.append("Authorization: \(scheme) \(key.exposed)")
      case .header(let name): lines.append("\(name): \(key.exposed)")
      }
    }
    return lines + arm.headers.map { "\($0.name): \($0.value.exposed)" }
  }
}

extension ArmURL {
  /// Names and addresses that cannot be another machine.
  package var isLoopback: Bool {
    let name = host.lowercased()
    if name == "localhost" || name == "::1" || name.hasSuffix(".localhost") { return true }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
