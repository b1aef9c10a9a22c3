/// The fields of a request with which it may stay away from a candidate: for people who know only which fields are in use.

import Dialects

extension EligibilityPolicy {
  /// The reason for which a request with this field stays away where it says what the candidate has not, such as `n` above 1; nil
  /// where nothing that it can say does so.
  package func mayStay(for field: String) -> Ineligibility? { refused.intersection(.sayable(by: field)).reason }
}

extension RequestTraits {
  /// What a field can ask for that some have not.
  fileprivate static func sayable(by field: String) -> RequestTraits {
    switch field {
    case "n": .severalChoices
    case "logprobs", "top_logprobs": .logprobs
    case "modalities": .pictures.union(.audioPart)
    case "audio": .audioPart
    case "models": .fallbackList
    case "plugins": .webPlugin.union(.modelRouter)
    case "tool_choice": .boundToolChoice
    case "store", "previous_response_id", "conversation", "background": .storedState
    case "provider":
      [.zeroRetention, .noDataCollection, .onlyProviders, .ignoredProviders, .region, .distillableText]
    default: RequestTraits()
    }
  }
}
