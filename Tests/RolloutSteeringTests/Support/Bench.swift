/// A machine under test with everything around it imagined: a store that answers when it is told to, loops that follow when told to.

import RolloutJudge

@testable import RolloutSteering

struct Bench: Sendable {
  var machine: RolloutMachine
  var now = Instant(nanoseconds: 1_767_225_600_000_000_000)
  /// What the store holds.
  var journal: [Decision] = []
  var asked: (work: StoreWork, ticket: Int)?
  var isAnswered = true
  var kept: [Decision] = []
  var published = 0
  var directive: Directive?
  var told: [Decision] = []
  var answers: [Int: SteeringAnswer] = [:]
  var tickets = 0
  /// The effects of the last event.
  var effects: [SteeringEffect] = []
  /// Whether others write the store too.
  var isShared = false
  /// Rules that were broken.
  var broken: [String] = []

  static let full = StoreFault(.other, "no space is left")
  static let damaged = StoreFault(.damaged("a page"), "it is damaged (a page)")
  static let stalled = StoreFault(.stalled, "the disk does not answer")

  static func arm(_ name: String) -> Arm {
    Arm(name: name, vendor: name, url: ArmURL(isTLS: false, host: "127.0.0.1", port: 9, basePath: "/v1"))
  }

  static func playbook(hold: Int = 3600, sha256: String = "one") -> Playbook {
    Playbook(
      name: "move", baseline: arm("openrouter"), candidates: [arm("litellm")],
      stages: [
        Stage(name: "canary", weights: [0.3], shadow: [0], hold: .seconds(hold)),
        Stage(name: "full", weights: [1], shadow: [0], hold: .seconds(hold)),
      ], sha256: sha256)
  }

  init() { machine = RolloutMachine(playbook: Self.playbook(), at: now) }

  /// A store that was opened, and loops that are there.
  static func attached() -> Bench {
    var bench = Bench()
    bench.open()
    bench.feed(.attached)
    return bench
  }

  /// In its first stage with nothing under way.
  static func running() -> Bench {
    var bench = attached()
    bench.settle()
    return bench
  }

  /// One of a fleet's, which decides by evidence or does not.
  static func inFleet(_ role: SteeringRole = .decider(lease), _ playbook: Playbook = Bench.playbook()) -> Bench {
    var bench = Bench()
    bench.isShared = true
    bench.machine = RolloutMachine(playbook: playbook, inFleetOf: 256, at: bench.now)
    bench.open()
    bench.feed(.attached)
    bench.feed(.role(role, from: nil))
    if role == .follower { bench.others(.start) }
    bench.settle()
    return bench
  }

  static let lease = DeciderLease(epoch: 1, until: Instant(nanoseconds: .max))

  mutating func open() {
    do throws(ResumeRefusal) {
      note(try machine.start(from: FoundStore(decisions: journal, checkpoint: nil), at: now))
    } catch {
      broken.append("the start was refused: \(error)")
    }
  }

  mutating func feed(_ event: SteeringEvent, after pause: Duration = .milliseconds(1)) {
    now = now + pause
    note(machine.handle(event, at: now))
  }

  private mutating func note(_ effects: [SteeringEffect]) {
    self.effects = effects
    for effect in effects {
      switch effect {
      case .ask(let work, let ticket):
        if !isAnswered { broken.append("\(Text.work(work)) is asked before an answer") }
        (asked, isAnswered) = ((work, ticket), false)
      case .keep(let decision): kept.append(decision)
      case .publish(let course), .replace(_, let course): follow(course)
      case .tell(let decision), .hear(let decision):
        // Under the number of one that no journal holds another replica's may come first.
        let last = told.last { !isShared || !$0.message.contains("not journaled") }
        if let last, last.seq >= decision.seq { broken.append("\(decision.seq) is told after \(last.seq)") }
        told.append(decision)
      case .answer(let answer, let ticket):
        if answers.updateValue(answer, forKey: ticket) != nil { broken.append("\(ticket) is answered twice") }
      case .useStore:
        // A damaged store may have forgotten what was told.
        if asked?.work == .accept { told = [] }
      case .letGoOfStore, .remark: break
      }
    }
  }

  /// A weight is in the journal before it is on a loop.
  private mutating func follow(_ course: Course) {
    if course.number <= published { broken.append("course \(course.number) comes after \(published)") }
    (published, directive) = (course.number, course.directive)
    let known = isShared ? journal.last { $0.seq <= machine.journaledSeq } : journal.last
    let allowed = known?.weightsAfter["litellm"] ?? 0
    if course.directive.weights[0] > allowed {
      broken.append("weight \(course.directive.weights[0]) is published, \(allowed) is journaled")
    }
  }

  // MARK: what the world does

  mutating func command(_ command: Command) {
    tickets += 1
    feed(.commanded(SteeringCommand(ticket: tickets, command, actor: "ada")))
  }

  mutating func offer(_ playbook: Playbook = Bench.playbook(hold: 60, sha256: "two"), isDryRun: Bool = false) {
    tickets += 1
    feed(
      .offered(
        PlaybookOffer(ticket: tickets, playbook, shown: ShownState(), actor: "ada", isDryRun: isDryRun)))
  }

  /// The store does what it was asked.
  mutating func answer() {
    guard let asked, !isAnswered else { return feed(.observed) }
    isAnswered = true
    let answer: StoreAnswer
    switch asked.work {
    case .append(let decision, _, _): answer = append(decision)
    case .readDecisions: answer = .decisions(journal)
    case .fold: answer = .folded(true)
    case .reopen(let known) where known != nil && journal.isEmpty: answer = .failed(Self.damaged)
    case .reopen, .accept: answer = .opened(FoundStore(decisions: journal, checkpoint: nil))
    case .keepEvidence, .check, .probe, .settle: answer = .done
    }
    feed(.stored(answer, ticket: asked.ticket))
  }

  /// As the journal does it: what is there already is no failure, what does not follow is one.
  private mutating func append(_ decision: Decision) -> StoreAnswer {
    if journal.contains(decision) { return .appended(head: "head \(decision.seq)") }
    if isShared, let winner = journal.first(where: { $0.seq == decision.seq }) { return .lost(to: winner) }
    guard decision.seq == (journal.last?.seq ?? 0) + 1 else {
      return .failed(StoreFault(.other, "decision \(decision.seq) refused"))
    }
    journal.append(decision)
    return .appended(head: "head \(decision.seq)")
  }

  /// - Parameter isDone: Whether it did what it was asked, and the answer was late.
  mutating func fail(_ fault: StoreFault, isDone: Bool = false) {
    guard let asked, !isAnswered else { return feed(.observed) }
    isAnswered = true
    if isDone, case .append(let decision, _, _) = asked.work { _ = append(decision) }
    feed(.stored(.failed(fault), ticket: asked.ticket))
  }

  /// Another replica journals a decision, and this one hears of it.
  mutating func others(_ kind: Decision.Kind, sha256: String = "one", isHeard: Bool = true) {
    let weights = journal.last?.weightsAfter ?? ["litellm": 0]
    var after = weights
    if kind == .start { after = ["litellm": 0.3] }
    if kind == .rollback { after = ["litellm": 0] }
    let decision = Decision(
      seq: (journal.last?.seq ?? 0) + 1, at: now, decision: kind, rollout: "move", stage: "canary", stageIndex: 0,
      weightsBefore: weights, weightsAfter: after, message: "\(kind.rawValue) by another", actor: "grace",
      playbookSHA256: sha256)
    journal.append(decision)
    if isHeard { hear() }
  }

  /// The news of the store.
  mutating func hear() { feed(.heard(journal.filter { $0.seq > machine.journaledSeq })) }

  mutating func adopt() { feed(.adopted(course: published)) }

  /// The lease under which it was decided is another's.
  mutating func lapse() {
    guard let asked, !isAnswered, case .append(_, .some, _) = asked.work else { return feed(.observed) }
    isAnswered = true
    feed(.stored(.lapsed, ticket: asked.ticket))
  }

  /// The oldest of what went beside the journal is safe now, or is nowhere.
  mutating func keep(_ isSafe: Bool) {
    guard !kept.isEmpty else { return feed(.observed) }
    let decision = kept.removeFirst()
    guard isSafe, case .appended(let head) = append(decision) else {
      return feed(.kept(decision, .nowhere("no space is left")))
    }
    feed(.kept(decision, .journaled(head: head)))
  }

  /// The store answers and the loops follow until nothing is under way.
  mutating func settle() {
    for _ in 0..<100 where !isAnswered || machine.adopted < published {
      adopt()
      answer()
    }
  }
}
