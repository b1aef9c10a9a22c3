/// An arm's bills against what its answers told, as `GET /status` shows it.

package struct Reconciliation: Sendable, Codable, Equatable {
  package enum State: String, Sendable, Codable {
    case asking
    /// The arm has no key of its own, and nobody else's is kept.
    case noKey = "no_key"
    /// The playbook says so.
    case off
    /// The vendor does not let the key ask.
    case refused
    /// Nothing that was asked after was ever there.
    case neverThere = "never_there"
  }

  package var state: State
  /// Why nothing is asked; nil while something is.
  package var note: String?
  /// Questions, those asked again among them.
  package var asked: Int
  /// Answers whose bill is known.
  package var answered: Int
  package var missing: Int
  package var dropped: Int
  package var waiting: Int
  /// USD of answers that had told their cost: what was billed, and what they told.
  package var billed: Double?
  package var streamed: Double?
  /// Billed beyond streamed, as a share.
  package var drift: Double?
  package var compared: Int
  package var differing: Int
  /// USD of answers that had told no cost; in no other figure.
  package var found: Double?
  package var foundAnswers: Int

  enum CodingKeys: String, CodingKey {
    case state, note, asked, answered, missing, dropped, waiting, billed, streamed, drift, compared, differing, found
    case foundAnswers = "found_answers"
  }

  package init(
    state: State, note: String? = nil, asked: Int = 0, answered: Int = 0, missing: Int = 0, dropped: Int = 0,
    waiting: Int = 0, billed: Double? = nil, streamed: Double? = nil, drift: Double? = nil, compared: Int = 0,
    differing: Int = 0, found: Double? = nil, foundAnswers: Int = 0
  ) {
    self.state = state
    self.note = note
    self.asked = asked
    self.answered = answered
    self.missing = missing
    self.dropped = dropped
    self.waiting = waiting
    self.billed = billed
    self.streamed = streamed
    self.drift = drift
    self.compared = compared
    self.differing = differing
    self.found = found
    self.foundAnswers = foundAnswers
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(state, forKey: .state)
    try container.encode(note, forKey: .note)
    try container.encode(asked, forKey: .asked)
    try container.encode(answered, forKey: .answered)
    try container.encode(missing, forKey: .missing)
    try container.encode(dropped, forKey: .dropped)
    try container.encode(waiting, forKey: .waiting)
    try container.encode(billed, forKey: .billed)
    try container.encode(streamed, forKey: .streamed)
    try container.encode(drift, forKey: .drift)
    try container.encode(compared, forKey: .compared)
    try container.encode(differing, forKey: .differing)
    try container.encode(found, forKey: .found)
    try container.encode(foundAnswers, forKey: .foundAnswers)
  }
}
