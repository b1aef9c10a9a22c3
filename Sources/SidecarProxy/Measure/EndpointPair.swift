/// The endpoint that the application asked for and its arm's: the same where nothing is translated.

import Dialects

struct EndpointPair {
  /// The endpoint that figures, eligibility and the client's answer go by.
  let asked: Endpoint
  /// The endpoint that the arm's answer is read as.
  let spoken: Endpoint

  init(asked: Endpoint, spoken: Endpoint) {
    self.asked = asked
    self.spoken = spoken
  }

  /// An arm that is asked in the application's own words.
  init(_ endpoint: Endpoint) { self.init(asked: endpoint, spoken: endpoint) }
}
