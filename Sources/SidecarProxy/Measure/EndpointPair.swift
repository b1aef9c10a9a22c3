/// What the application asked for and what its arm is asked for: the same, for as long as nothing is translated.

import Dialects

struct EndpointPair {
  /// What figures, eligibility and the client's answer go by.
  let asked: Endpoint
  /// What the arm's answer is read as.
  let spoken: Endpoint

  init(asked: Endpoint, spoken: Endpoint) {
    self.asked = asked
    self.spoken = spoken
  }

  /// An arm that is asked in the application's own words.
  init(_ endpoint: Endpoint) { self.init(asked: endpoint, spoken: endpoint) }
}
