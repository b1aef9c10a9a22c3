/// Whether the baseline can answer in a failed canary's place, as far as imagined failures go.

import Dialects
import RolloutJudge

struct SafetyNet: Sendable {
  private let replacesErrors: Bool
  private let replacesTimeouts: Bool

  /// Imagined errors are answers with a 5xx status, imagined time-outs come before the first byte, but for answers that
  /// outlast `total`, which cannot be told from them here and are rare.
  init(_ triggers: Set<FallbackTrigger>) {
    replacesErrors = triggers.contains(.serverError)
    replacesTimeouts = triggers.contains(.timeout)
  }

  func replaces(_ outcome: Outcome) -> Bool {
    switch outcome {
    case .ok, .clientGone: false
    case .timeout: replacesTimeouts
    default: replacesErrors
    }
  }
}
