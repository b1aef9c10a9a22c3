/// The store's side of steering: each thing that the machine asks for is done on the store's own thread, within the time it is given.

import Foundation
import Journal
import Logging
import OperatorLog
import RolloutJudge
import RolloutSteering

struct StoreAccess: Sendable {
  let place: StorePlace
  /// All of the store's blocking calls are made there.
  let thread: StoreThread
  let log: EventLog

  init(place: StorePlace, log: EventLog) {
    self.place = place
    thread = StoreThread(path: place.name)
    self.log = log
  }

  /// A call that nobody waits for any more is still under way.
  var overdue: StoreFault? { thread.isStalled ? .stalled(at: place.name) : nil }

  /// One question, with everything that answering it needs.
  struct Request: Sendable {
    var work: StoreWork
    var rollout: String
    /// Nil where it is not open.
    var store: (any RolloutStore)?
    /// Only where the work keeps the evidence.
    var checkpoint: Checkpoint?
    var at: Instant
  }

  /// - Returns: The answer, and the store where one was opened for it.
  func answer(_ request: Request) async -> (answer: StoreAnswer, opened: OpenedStore?) {
    do throws(StoreFault) {
      switch request.work {
      case .reopen(let known):
        let opened = try await thread.perform { () throws(StoreFault) in
          let store = if let open = request.store { open } else { try place.open() }
          let opened = try OpenedStore(store, rollout: request.rollout)
          guard let known, opened.decisions.isEmpty else { return opened }
          throw StoreFault(
            JournalError(
              path: place.name, problem: .damaged("it is empty, and this process knows of decision \(known)")))
        }
        return (.opened(FoundStore(opened)), opened)
      case .accept:
        let opened = try await thread.perform { () throws(StoreFault) in
          try OpenedStore(try place.accept(), rollout: request.rollout)
        }
        return (.opened(FoundStore(opened)), opened)
      default: return (try await done(request), nil)
      }
    } catch {
      return (.failed(error), nil)
    }
  }

  private func done(_ request: Request) async throws(StoreFault) -> StoreAnswer {
    guard let store = request.store else { throw unexpected("it is not open") }
    let checkpoint = stored(request)
    return try await thread.perform(within: patience(for: request.work)) { () throws(StoreFault) in
      switch request.work {
      case .append(let decision, let lease, _): return StoreAnswer(try store.append(decision, under: lease))
      case .readDecisions: return .decisions(try store.decisions(of: request.rollout, after: 0, limit: nil))
      case .fold:
        let isDone = try store.fold()
        if let checkpoint { try store.keep(checkpoint) }
        return .folded(isDone)
      case .keepEvidence, .probe:
        if let checkpoint { try store.keep(checkpoint) }
        return .done
      case .check:
        if try store.check() {
          log.logger(label: "crossfade").warning(
            "the store's mark, the file beside it ending in -mark, was gone and was written again")
        }
        return .done
      case .settle:
        try store.settle()
        return .done
      case .reopen, .accept: throw unexpected("it is open already")
      }
    }
  }

  /// A database is a network away; what is not for a decision's sake may take its time there.
  private func patience(for work: StoreWork) -> Duration? {
    guard place.isShared else { return work.patience }
    if case .append = work { return work.patience }
    return work.patience.map { max($0, Patience.meeting) }
  }

  private func unexpected(_ what: String) -> StoreFault {
    StoreFault(JournalError(path: place.name, problem: .unexpected(what)))
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

extension StoreAnswer {
  fileprivate init(_ appending: Appending) {
    switch appending {
    case .appended(let head): self = .appended(head: head)
    case .lost(let winner): self = .lost(to: winner)
    case .lapsed: self = .lapsed
    }
  }
}

extension Keeping {
  /// Beside first: that one small write is the sooner of the two to be on the disk.
  static func keep(_ decision: Decision, in store: any RolloutStore) -> Keeping {
    let kept = Result { () throws(StoreFault) in try store.keepBeside(decision) }
    do throws(StoreFault) {
      switch try store.append(decision, under: nil) {
      case .appended(let head): return .journaled(head: head)
      case .lost(let winner): throw StoreFault(.other, "decision \(winner.seq) is another replica's: \(winner.message)")
      case .lapsed: throw StoreFault(.other, "the store asks for a lease, which a rollback needs none of")
      }
    } catch {
      if case .failure = kept { return .nowhere(error.words) }
      return .beside(error.words)
    }
  }
}
