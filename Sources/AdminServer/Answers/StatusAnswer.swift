/// `GET /status`: where the rollout stands, and the names of the stages it goes through.

import RolloutJudge

struct StatusAnswer: Encodable {
  var status: RolloutStatus
  var stages: [String]

  private enum CodingKeys: CodingKey { case stages }

  func encode(to encoder: any Encoder) throws {
    try status.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(stages, forKey: .stages)
  }
}
