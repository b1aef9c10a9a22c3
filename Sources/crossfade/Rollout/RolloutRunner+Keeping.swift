/// Rollbacks that the journal could not take at once: in effect already, told when they are safe, or with the word that they are not.

import Journal
import Logging
import OperatorLog
import RolloutJudge

/// Where a decision is that is in effect.
enum Keeping: Sendable {
  /// The journal has taken it after all.
  case journaled(head: String?)
  /// Its mark has: the next start knows of it.
  case beside(JournalError)
  case nowhere(JournalError)

  /// The mark first: its one small write is the sooner of the two to be on the disk.
  static func keep(_ decision: Decision, in journal: Journal) -> Keeping {
    let kept = Result { () throws(JournalError) in try journal.keepBeside(decision) }
    do throws(JournalError) {
      return .journaled(head: try journal.append(decision))
    } catch {
      if case .failure = kept { return .nowhere(error) }
      return .beside(error)
    }
  }
}

extension RolloutRunner {
  /// It takes effect now. On the disk's thread it goes before everything but what is under way there already, so that it is safe as soon
  /// as the disk answers; until then nobody is told that it is done.
  func keepUnjournaled(_ decision: Decision) {
    unjournaled.append(decision)
    let why = journalFault?.error ?? "the store is not open"
    guard let journal else {
      notJournaled[decision.seq] = "not journaled, the next start will not know it: \(why)"
      return
    }
    notJournaled[decision.seq] = "not journaled yet, a crash before it is would forget it: \(why)"
    keeping.insert(decision.seq)
    disk.enqueue { [self] in
      let keeping = Keeping.keep(decision, in: journal)
      Task { await self.kept(decision, keeping) }
    }
    Task {
      try? await Task.sleep(for: DiskPatience.telling)
      self.tellKept(decision.seq)
    }
  }

  private func kept(_ decision: Decision, _ keeping: Keeping) {
    switch keeping {
    case .journaled(let head):
      unjournaled.removeAll { $0 == decision }
      // Told already as not yet journaled, it is said once more.
      if !self.keeping.contains(decision.seq), notJournaled[decision.seq] != nil {
        log.logger(label: "crossfade").notice("decision \(decision.seq) is journaled now: \(decision.message)")
      }
      notJournaled[decision.seq] = nil
      note(head, after: decision)
    case .beside(let error):
      notJournaled[decision.seq] = "not journaled, kept beside the store for the next start: \(error.description)"
    case .nowhere(let error):
      notJournaled[decision.seq] = "not journaled, the next start may not know it: \(error.description)"
    }
    tellKept(decision.seq)
  }

  /// It is safe, or has been waited for long enough.
  private func tellKept(_ seq: Int) {
    guard keeping.remove(seq) != nil else { return }
    tell(upTo: effective)
  }

  /// For whoever commanded it.
  func untilTold(_ decision: Decision) async {
    // Ends with the telling, which has a time of its own.
    while keeping.contains(decision.seq) { try? await Task.sleep(for: .milliseconds(5)) }
  }
}
