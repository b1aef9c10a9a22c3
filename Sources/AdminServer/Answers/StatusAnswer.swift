/// `GET /status`: where the rollout stands, the names of the stages it goes through, and what is wrong with its journal.

import RolloutJudge

struct StatusAnswer: Encodable {
  var status: RolloutStatus
  var stages: [String]
  /// Nil, and left out, while decisions can be journaled.
  var journalFault: String?
  /// Nil, and left out, where the store is one process's own.
  var fleet: FleetStatus?

  private enum CodingKeys: String, CodingKey {
    case stages, fleet
    case journalFault = "journal_fault"
  }

  func encode(to encoder: any Encoder) throws {
    try status.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(stages, forKey: .stages)
    try container.encodeIfPresent(journalFault, forKey: .journalFault)
    try container.encodeIfPresent(fleet, forKey: .fleet)
  }
}
