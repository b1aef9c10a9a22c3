/// A decision as it is told to people: what happened, how grave it is, where to look.

import Foundation
import Journal
import RolloutJudge

struct Notice {
  enum Gravity: String { case info, warning, critical }

  let decision: Decision
  /// Where people find more.
  let link: String

  /// Something was taken away or stands still: someone should look.
  var gravity: Gravity {
    switch decision.decision {
    case .rollback, .abort: .critical
    case .pause: .warning
    case .start, .advance, .hold, .resume, .complete, .rearm, .configChanged: .info
    }
  }

  /// What an earlier decision stopped goes on.
  var isAllClear: Bool { [.resume, .rearm, .complete].contains(decision.decision) }

  /// Of the decision's own words, without what steers a terminal or a page.
  var summary: String { String(decision.message.plainText.prefix(500)) }

  var place: String { "\(decision.rollout.plainText), stage \(decision.stage.plainText)" }

  var words: String {
    let reason = decision.reason.map { "\n\(String($0.plainText.prefix(500)))" } ?? ""
    return "\(summary)\n\(place), decision \(decision.seq)\(reason)"
  }

  /// One for each thing that can be wrong at a time: what is told of it belongs together.
  var subject: String { "crossfade/\(decision.rollout)/\(decision.candidate ?? "")" }
}
