/// Other replicas of the same rollout: their decisions are taken as they are, and a rollback of one's own wins over all of them.

package import RolloutJudge

extension RolloutMachine {
  /// - Parameter replicas: As many as the fleet may ever have; it makes the bar that this one trips at by itself.
  package init(playbook: Playbook, inFleetOf replicas: Int, at now: Instant) {
    self.init(playbook: playbook, at: now)
    role = .follower
    fleetSize = replicas
    trip = LocalTrip(playbook, replicas: replicas, at: now)
  }

  /// The last decision that a journal holds, as far as is known here.
  package var journaledSeq: Int { (unjournaled.first?.seq ?? judge.lastSeq + 1) - 1 }

  /// Whether its evidence is what all replicas have seen.
  var weighsPooled: Bool { if case .decider = role { true } else { false } }

  // MARK: decisions of others

  mutating func heard(_ decisions: [Decision], at now: Instant) {
    var taken: [Decision] = []
    defer {
      // All of them together: what a later one takes back is not given before.
      if !taken.isEmpty { publish() }
      for decision in taken { tell(decision, isForeign: true) }
    }
    for decision in decisions where decision.seq > journaledSeq {
      // What is between comes with the next news.
      guard stranger == nil, decision.seq == journaledSeq + 1 else { return }
      guard decision.playbookSHA256 == playbook.sha256 else { return estrange(after: decision, at: now) }
      if case .awaiting(let awaited) = phase, awaited.decision.isSame(as: decision) { return }
      if let own = unjournaled.first, own.isSame(as: decision) {
        unjournaled.removeFirst()
        notJournaled[own.seq] = nil
        continue
      }
      take(decision)
      taken.append(decision)
    }
  }

  /// In force from now on. Rollbacks that no journal holds yet follow it under new numbers, and win.
  mutating func take(_ decision: Decision) {
    let own = unjournaled
    judge.take(decision)
    trip?.take(decision)
    guard let first = own.first, decision.seq <= first.seq, decision != first else { return }
    var last = decision
    unjournaled = []
    for rollback in own {
      let moved = rollback.following(last)
      judge.take(moved)
      trip?.take(moved)
      unjournaled.append(moved)
      last = moved
    }
    renumber(own)
  }

  private mutating func renumber(_ former: [Decision]) {
    let steps = zip(former, unjournaled)
    let (words, limits, waiting) = (notJournaled, keeping, askers)
    for rollback in former {
      (notJournaled[rollback.seq], keeping[rollback.seq], askers[rollback.seq]) = (nil, nil, nil)
    }
    for (before, after) in steps {
      notJournaled[after.seq] = words[before.seq]
      keeping[after.seq] = limits[before.seq]
      askers[after.seq] = waiting[before.seq]
      for (sent, seq) in renumbered where seq == before.seq { renumbered[sent] = after.seq }
      renumbered[before.seq] = renumbered[before.seq] ?? after.seq
      for place in untold.indices where untold[place].decision == before { untold[place].decision = after }
    }
  }

  /// Another replica had the number first.
  mutating func lost(_ awaited: AwaitedDecision, to winner: Decision, at now: Instant) {
    heard([winner], at: now)
    let moved = CommandRefusal(
      .moved, "another replica has decided meanwhile: \(winner.message); look again, then decide",
      current: ShownState(stage: judge.directive.stage, seq: judge.lastSeq))
    switch awaited.origin {
    // Where it still follows from the evidence, it is proposed again.
    case .judge: break
    case .command(var request):
      guard case .rollback = request.command, stranger == nil else { return refuse(moved, request.ticket) }
      // Who wants less at risk wants it all the same.
      request.shown = ShownState()
      waiting.insert(WaitingRequest(matter: .command(request), since: now), at: 0)
    case .change(let offer, _): refuse(moved, offer.ticket)
    }
  }

  // MARK: who decides

  /// A new decider goes on from what the store knows of everybody's evidence; the numbers of this replica's own are in it.
  mutating func take(_ role: SteeringRole, from found: FoundStore?, at now: Instant) {
    self.role = role
    guard let found, stranger == nil else { return }
    heard(found.decisions, at: now)
    guard stranger == nil else { return }
    do throws(ResumeRefusal) {
      try goOn(from: found, at: now, anew: true)
      judge.journalBecame(available: isJournaling, at: now)
    } catch {
      self.role = .follower
    }
  }

  // MARK: another playbook than the fleet's

  /// Whether the store's rollout follows another playbook; the baseline serves then.
  func isForeign(_ found: FoundStore) -> Bool {
    guard role != .alone, let last = found.decisions.last else { return false }
    return last.playbookSHA256 != playbook.sha256
  }

  mutating func estrange(after decision: Decision, at now: Instant) {
    let words =
      "the fleet follows another playbook, SHA-256 \(decision.playbookSHA256.prefix(12)) since decision \(decision.seq); "
      + "this replica serves the baseline until it is given that one, or crossfade apply makes its own the fleet's"
    if stranger != decision.playbookSHA256 { effects.append(.remark(.estranged(words))) }
    stranger = decision.playbookSHA256
    outage = Outage(since: outage?.since ?? now, words: words)
    due.reopening = now + .seconds(3)
    due.reminder = now + .seconds(60)
    judge.journalBecame(available: false, at: now)
  }
}

extension Decision {
  /// Whether it is the same one, as a journal tells it.
  func isSame(as other: Decision) -> Bool {
    seq == other.seq && decision == other.decision && candidate == other.candidate && actor == other.actor
      && message == other.message && at.nanoseconds / 1_000_000 == other.at.nanoseconds / 1_000_000
  }
}
