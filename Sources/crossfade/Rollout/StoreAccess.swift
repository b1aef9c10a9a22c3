/// The store's side of steering: each thing that the machine asks for is done on the store's own thread, within the time it is given.

import Foundation
import Journal
import Logging
import OperatorLog
import RolloutJudge
import RolloutSteering

struct StoreAccess: Sendable {
  let path: String
  /// All of the store's blocking calls are made there.
  let thread: StoreThread
  let log: EventLog

  init(path: String, log: EventLog) {
    self.path = path
    thread = StoreThread(path: path)
    self.log = log
  }

  /// A call that nobody waits for any more is still under way.
  var overdue: StoreFault? {
    thread.isStalled ? StoreFault(JournalError(path: path, problem: .stalled)) : nil
  }

  /// One question, with everything that answering it needs.
  struct Request: Sendable {
    var work: StoreWork
    var rollout: String
    /// Nil where the store is not open.
    var journal: Journal?
    /// Only where the work keeps the evidence.
    var checkpoint: Checkpoint?
    var at: Instant
  }

  /// - Returns: The answer, and the store where one was opened for it.
  func answer(_ request: Request) async -> (answer: StoreAnswer, opened: OpenedStore?) {
    do throws(JournalError) {
      switch request.work {
      case .reopen(let known):
        let store = try await thread.perform { () throws(JournalError) in
          let store = try opened(request)
          guard let known, store.decisions.isEmpty else { return store }
          throw JournalError(
            path: path, problem: .damaged("it is empty, and this process knows of decision \(known)"))
        }
        return (.opened(FoundStore(store)), store)
      case .accept:
        let store = try await thread.perform { () throws(JournalError) in
          try OpenedStore(
            try Journal.accept(path: path, busyTimeout: OpenedStore.busyTimeout), rollout: request.rollout)
        }
        return (.opened(FoundStore(store)), store)
      default: return (try await done(request), nil)
      }
    } catch {
      return (.failed(StoreFault(error)), nil)
    }
  }

  private func opened(_ request: Request) throws(JournalError) -> OpenedStore {
    if let journal = request.journal { return try OpenedStore(journal, rollout: request.rollout) }
    return try OpenedStore(path: path, rollout: request.rollout)
  }

  private func done(_ request: Request) async throws(JournalError) -> StoreAnswer {
    guard let journal = request.journal else {
      throw JournalError(path: path, problem: .unexpected("it is not open"))
    }
    let checkpoint = stored(request)
    return try await thread.perform(within: request.work.patience) { () throws(JournalError) in
      switch request.work {
      case .append(let decision, _): return .appended(head: try journal.append(decision))
      case .readDecisions: return .decisions(try journal.decisions(rollout: request.rollout))
      case .fold:
        let isDone = try journal.fold()
        if let checkpoint { try journal.save(checkpoint) }
        return .folded(isDone)
      case .keepEvidence, .probe:
        if let checkpoint { try journal.save(checkpoint) }
        return .done
      case .check:
        if try journal.checkWhole() {
          log.logger(label: "crossfade").warning(
            "the store's mark, the file beside it ending in -mark, was gone and was written again")
        }
        return .done
      case .settle:
        try journal.settle()
        return .done
      case .reopen, .accept: throw JournalError(path: path, problem: .unexpected("it is open already"))
      }
    }
  }

  /// Encoded before the store's time is taken.
  func stored(_ request: Request) -> StoredCheckpoint? {
    guard let checkpoint = request.checkpoint else { return nil }
    do {
      let state = try JSONEncoder.admin.encode(checkpoint)
      return StoredCheckpoint(rollout: request.rollout, seq: checkpoint.seq, at: request.at, state: [UInt8](state))
    } catch {
      log.logger(label: "crossfade").error("the evidence could not be encoded: \(error)")
      return nil
    }
  }
}

extension FoundStore {
  init(_ store: OpenedStore) {
    self.init(decisions: store.decisions, checkpoint: try? store.checkpoint.get())
  }
}

extension StoreFault {
  init(_ error: JournalError) {
    let kind: Kind =
      switch error.problem {
      case .stalled: .stalled
      case .damaged(let detail): .damaged(detail)
      default: .other
      }
    self.init(kind, error.description)
  }
}

extension Keeping {
  /// The mark first: its one small write is the sooner of the two to be on the disk.
  static func keep(_ decision: Decision, in journal: Journal) -> Keeping {
    let kept = Result { () throws(JournalError) in try journal.keepBeside(decision) }
    do throws(JournalError) {
      return .journaled(head: try journal.append(decision))
    } catch {
      if case .failure = kept { return .nowhere(error.description) }
      return .beside(error.description)
    }
  }
}

extension JournalError {
  /// The operator named a store that cannot be this rollout's; serving on would hide it.
  var isOperatorsMistake: Bool {
    switch problem {
    case .inUse, .foreign, .cannotOpen: true
    default: false
    }
  }
}
