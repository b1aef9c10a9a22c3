/// Decides when which answer of an arm is asked after for its bill: one at a time, those of unknown cost first, never in haste.

package import RolloutJudge
package import Vendors

/// One for each arm that can be asked. It holds no clock and no socket: the instant arrives with the event.
package struct BillDesk: Sendable {
  package enum State: Sendable, Equatable {
    case asking
    /// The key may not ask: nothing is asked any more. Final.
    case refused(status: Int)
    /// Nothing that was asked after was ever there. Final.
    case neverThere
  }

  /// An answer whose bill is not known yet.
  package struct Sample: Sendable, Equatable {
    /// The arm's own.
    package var id: String
    /// USD, as the answer told; nil where it told none.
    package var told: Double?

    package init(id: String, told: Double?) {
      self.id = id
      self.told = told
    }
  }

  /// What has become of a question.
  package enum Step: Sendable, Equatable {
    /// USD.
    case billed(Sample, Double)
    /// It was asked in vain, and is not asked again.
    case missing(Sample)
    case askedAgainLater
    /// This was the last question of all.
    case ended
  }

  private struct Waiting {
    var sample: Sample
    var dueAt: Instant
    var asked = 0
  }

  package private(set) var state = State.asking
  private var waiting: [Waiting] = []
  private var current: (question: Waiting, since: Instant)?
  private var nextAt = Instant(nanoseconds: 0)
  /// Doubled by each refusal for haste in a row.
  private var pause = Self.pace
  private var wasEverThere = false
  /// In a row.
  private var refusals = 0
  private var missing = 0

  /// Between two questions.
  static let pace = Duration.seconds(1)
  /// From an answer's end, or from a question, to the next question after it: a vendor's record takes a while.
  static let delays: [Duration] = [3, 4, 8, 16, 32, 64].map { .seconds($0) }
  /// Answers that wait.
  package static let limit = 512
  /// So many answers of which none was ever there are proof enough.
  static let hopeless = 10
  /// So many refusals in a row are meant: an edge may say one by itself.
  static let refusalsMeant = 3
  static let longestPause = Duration.seconds(300)
  /// A question that nobody has answered by then is lost.
  static let patience = Duration.seconds(90)

  package init() {}

  package var waits: Int { waiting.count + (current == nil ? 0 : 1) }

  /// - Parameter ended: when the answer was over.
  /// - Returns: how many answers there was no room for, this one or one that can better be done without.
  package mutating func offer(_ sample: Sample, ended: Instant) -> Int {
    guard state == .asking else { return 0 }
    let arrival = Waiting(sample: sample, dueAt: ended + Self.delays[0])
    guard waiting.count >= Self.limit else {
      waiting.append(arrival)
      return 0
    }
    if sample.told == nil, let least = waiting.lastIndex(where: { $0.sample.told != nil }) { waiting[least] = arrival }
    return 1
  }

  /// - Returns: what is to be asked now; nil where nothing is. `answered` is called with what comes of it.
  package mutating func next(at now: Instant) -> Sample? {
    if let current, now - current.since >= Self.patience {
      self.current = nil
      _ = later(current.question, after: Self.delays.last ?? .zero, at: now, isCounted: true)
    }
    guard state == .asking, current == nil, now >= nextAt else { return nil }
    let due = waiting.indices.filter { waiting[$0].dueAt <= now }
    guard let place = due.min(by: { Self.isSooner(waiting[$0], waiting[$1]) }) else { return nil }
    var question = waiting.remove(at: place)
    question.asked += 1
    current = (question, now)
    nextAt = now + Self.pace
    return question.sample
  }

  private static func isSooner(_ a: Waiting, _ b: Waiting) -> Bool {
    (a.sample.told == nil ? 0 : 1, a.dueAt) < (b.sample.told == nil ? 0 : 1, b.dueAt)
  }

  /// - Returns: nil where that was not the question under way.
  package mutating func answered(_ reply: BillReply, of id: String, at now: Instant) -> Step? {
    guard let question = current?.question, question.sample.id == id else { return nil }
    current = nil
    if case .limited(let asked) = reply {
      pause = min(Self.longestPause, pause * 2)
      nextAt = now + max(pause, min(asked ?? .zero, .seconds(3600)))
      return later(question, after: .zero, at: now, isCounted: false)
    }
    pause = Self.pace
    if case .refused = reply { refusals += 1 } else { refusals = 0 }
    switch reply {
    case .billed(let dollars):
      wasEverThere = true
      return .billed(question.sample, dollars)
    case .refused(let status):
      guard refusals < Self.refusalsMeant else { return end(.refused(status: status)) }
      return later(question, after: Self.pace, at: now, isCounted: false)
    case .notYet, .failed: return notThere(question, reply, at: now)
    case .limited: return nil
    }
  }

  private mutating func notThere(_ question: Waiting, _ reply: BillReply, at now: Instant) -> Step {
    guard question.asked >= Self.delays.count else {
      return later(question, after: Self.delays[question.asked], at: now, isCounted: true)
    }
    missing += 1
    // A network that is down says nothing of what is there.
    if !wasEverThere, missing >= Self.hopeless, reply == .notYet { return end(.neverThere) }
    return .missing(question.sample)
  }

  private mutating func later(_ question: Waiting, after delay: Duration, at now: Instant, isCounted: Bool) -> Step {
    var question = question
    question.dueAt = now + delay
    if !isCounted { question.asked -= 1 }
    waiting.append(question)
    return .askedAgainLater
  }

  private mutating func end(_ state: State) -> Step {
    self.state = state
    waiting = []
    return .ended
  }
}
