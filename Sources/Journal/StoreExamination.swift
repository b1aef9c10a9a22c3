/// A store looked at without trust: what of it can be read, and how far that can be believed.

import GRDB
package import RolloutJudge

/// For the commands that only look. Where everything is in order it has no findings.
package struct StoreExamination: Sendable {
  /// The faults found, a sentence each.
  package var findings: [String] = []
  /// Those that are as they were written, in the order in which they were journaled.
  package var decisions: [Decision] = []
  package var mark: StoreMark?
  /// The chains by rollout.
  package var chains: [String: ChainReading] = [:]

  /// - Throws: `missing`, `foreign`, `olderFormat`, `newerFormat`: what was given is not a store of this version.
  package static func examine(path given: String) throws(JournalError) -> StoreExamination {
    let path = StoreFile.resolved(given)
    let reading = MarkFile.read(beside: path)
    var found = StoreExamination()
    found.mark = reading.mark
    if !StoreFile.exists(path), reading == .absent { throw JournalError(path: given, problem: .missing) }
    do throws(JournalError) {
      try Journal.checkBeforeOpening(path, reading)
    } catch {
      found.note(error)
    }
    guard StoreFile.exists(path) else { return found }
    do throws(JournalError) {
      let store = try JournalStore(path: path, access: .read, busyTimeout: .seconds(5))
      try found.read(store, reading)
    } catch {
      guard error.isDamage || reading.mark != nil else { throw error }
      found.note(error)
    }
    return found
  }

  /// The rollouts' names, in the order of their first decisions; those that only the mark knows come last.
  package var rollouts: [String] {
    var names: [String] = []
    for name in decisions.map(\.rollout) + (mark?.rollouts.map(\.rollout) ?? []) where !names.contains(name) {
      names.append(name)
    }
    return names
  }

  package func decisions(of rollout: String) -> [Decision] { decisions.filter { $0.rollout == rollout } }

  /// The last decision before which none is missing; 0: none can be believed.
  package func trusted(_ rollout: String) -> Int {
    var last = 0
    for decision in decisions(of: rollout) {
      guard decision.seq == last + 1 else { break }
      last = decision.seq
    }
    return last
  }

  private mutating func read(_ store: JournalStore, _ reading: MarkFile.Reading) throws(JournalError) {
    do throws(JournalError) {
      try JournalSchema.check(store, isReader: true, steps: 1)
    } catch {
      guard error.isDamage else { throw error }
      note(error)
    }
    readRows(store)
    do throws(JournalError) {
      try Journal.check(store, against: reading)
    } catch {
      note(error)
    }
    for decision in reading.mark?.pending.map(\.decision) ?? [] {
      findings.append(
        "decision \(decision.seq) of \(decision.rollout) is not journaled: its mark keeps it until the journal can take it"
      )
    }
  }

  private mutating func readRows(_ store: JournalStore) {
    var found = (decisions: [Decision](), broken: [JournalError](), chains: [String: ChainReading]())
    do throws(JournalError) {
      try store.run { queue in
        try queue.read { db in
          let rows = try Row.fetchCursor(db, sql: "SELECT * FROM decision ORDER BY position")
          while let row = try rows.next() {
            do {
              let row = try DecisionRow(row, of: store)
              found.decisions.append(try row.decision)
              found.chains[row.rollout, default: ChainReading()].read(row)
            } catch {
              found.broken.append(JournalError(path: store.path, failure: error))
            }
          }
        }
      }
    } catch {
      found.broken.append(error)
    }
    (decisions, chains) = (found.decisions, found.chains)
    for (rollout, chain) in chains.sorted(by: { $0.key < $1.key }) {
      guard let first = chain.broken.first else { continue }
      findings.append(
        "the chain of \(rollout) breaks at decision \(first): it, or one before it, is not as it was journaled")
    }
    for error in found.broken { note(error) }
  }

  private mutating func note(_ error: JournalError) {
    let words = if case .damaged(let detail) = error.problem { detail } else { error.what }
    if !findings.contains(words) { findings.append(words) }
  }
}

extension JournalError {
  package var isDamage: Bool { if case .damaged = problem { true } else { false } }
}
