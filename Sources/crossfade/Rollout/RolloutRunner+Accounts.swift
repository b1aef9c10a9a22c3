/// The figures' side of the runner: what is counted once decisions are settled, what has been spent, and how both
/// outlive a restart.

import Foundation
import Journal
import Logging
import MigrationReport
import OperatorLog
import RolloutJudge
import RolloutSteering
import SidecarProxy
import TrafficSplit

extension RolloutRunner {
  /// - Parameter stage: the one in which it happened, before any decision that follows from it; `accounts` has entered it.
  func count(_ entry: LedgerEntry, in stage: String) {
    tally.count(entry)
    switch entry {
    case .started(let start): accounts.started(start)
    case .ended(let end):
      if sampler.takes() { log.emit(.exchange(LoggedExchange(end, playbook)), at: end.at) }
      accounts.ended(end, rescuing: exchanges.remember(end, stage: stage))
      if end.cost ?? end.costAtMost != nil { spend(end) }
      if let id = end.billID { keepForBill(id, of: end) }
      if let job = end.job, job.reserved > 0 { giveBack(job.reserved, of: end) }
    case .shadowDropped(let arm, let reason, _):
      noteDrop(arm, reason)
      accounts.shadowDropped(arm, reason)
    case .fellBack(let arm, let outcome, let exchange, let at):
      log.emit(
        .fallback(id: exchangeText(exchange), candidate: playbook.arm(arm).name, outcome: outcome, status: nil), at: at)
      accounts.fellBack(arm)
    case .videoSettled(let arm, let note): accounts.videoSettled(arm, note.figures)
    case .overhead(let arm, let nanoseconds): accounts.heldUp(arm, nanoseconds: nanoseconds)
    case .retried(let arm, _, _): accounts.retried(arm)
    case .compared, .withdrawn: break
    case .outcomeReported(let exchange, let isSuccess):
      if !report(exchange, success: isSuccess) { keepEarly(exchange, isSuccess) }
    }
  }

  /// A compared exchange, for the report: which differences, and how alike the texts are.
  func count(_ pair: CountedPair) { accounts.compared(pair) }

  /// The application's word on what became of an exchange: by `POST /outcomes`, or by a header of a later request.
  ///
  /// - Returns: whether the exchange is still remembered.
  func report(_ exchange: UInt64, success: Bool, value: Double? = nil) -> Bool {
    guard let answered = exchanges.report(exchange, success: success) else { return false }
    accounts.reported(answered, success: success, value: value)
    machine.reported(
      ApplicationOutcome(
        exchange: exchange, arm: answered.arm, population: answered.population, isSuccess: success,
        score: value,
        wasNormal: answered.isNormalFinish, isCostKnown: answered.isCostKnown, at: clock.now))
    return true
  }

  /// Said on one loop before another loop has told of the exchange.
  private func keepEarly(_ exchange: UInt64, _ isSuccess: Bool) {
    if early.new.count < Self.earlyLimit {
      early.new.append(EarlyOutcome(exchange: exchange, isSuccess: isSuccess))
    } else {
      outcomesUnknown += 1
    }
  }

  private static let earlyLimit = 4096

  /// A whole tick later every loop has told what had ended before.
  func takeEarlyOutcomes() {
    outcomesUnknown += early.due.count { !report($0.exchange, success: $0.isSuccess) }
    early = (new: [], due: early.new)
  }

  // MARK: budgets

  private func spend(_ end: AttemptEnd) {
    if end.population == .shadow, let cost = end.cost ?? end.costAtMost, let budget = playbook.shadow.dollarsPerDay,
      let spent = accounts.shadowSpend.add(cost, isEstimate: end.cost == nil, at: end.at, budget: budget)
    {
      log.emit(
        .budgetSpent(
          candidate: playbook.arm(end.arm).name, spent: spent, budget: budget,
          estimated: accounts.shadowSpend.estimate, resumesAt: accounts.shadowSpend.resumesAt), at: end.at)
    }
    for usedUp in accounts.spend(end) {
      let budget = playbook.budgets[usedUp.budget]
      log.emit(
        .armBudgetSpent(
          candidate: playbook.arm(budget.arm).name,
          tag: budget.tag.map { "\(playbook.tags[$0.tag].name)=\($0.value)" }, spent: usedUp.spent,
          budget: budget.dollarsPerDay, estimated: usedUp.estimated, resumesAt: usedUp.resumesAt), at: end.at)
    }
  }

  /// A copy's job that exists is charged at once with what it can cost at most.
  func reserve(_ job: OpenJob) {
    guard job.reserved > 0, let budget = playbook.shadow.dollarsPerDay else { return }
    guard let spent = accounts.shadowSpend.add(job.reserved, isEstimate: true, at: job.at, budget: budget) else {
      return
    }
    log.emit(
      .budgetSpent(
        candidate: playbook.arm(job.arm).name, spent: spent, budget: budget, estimated: accounts.shadowSpend.estimate,
        resumesAt: accounts.shadowSpend.resumesAt), at: job.at)
  }

  /// What it did cost has been charged by now.
  private func giveBack(_ reserved: Double, of end: AttemptEnd) {
    guard let budget = playbook.shadow.dollarsPerDay else { return }
    _ = accounts.shadowSpend.add(-reserved, isEstimate: true, at: end.at, budget: budget)
  }

  func isShadowBudgetSpent(at now: Instant) -> Bool {
    accounts.shadowSpend.isSpent(at: now, budget: playbook.shadow.dollarsPerDay)
  }

  /// By index in the playbook's budgets.
  func spentBudgets(at now: Instant) -> [Int] { accounts.spentBudgets(at: now) }

  // MARK: keeping

  /// The counts of a former run of this rollout, and those made since without a journal.
  ///
  /// Decisions rest on none of it: accounts that cannot be read begin anew, and that is said.
  func restoreAccounts(_ stored: Result<[StoredAccounts], StoreFault>) {
    // In a fleet every replica keeps its own, from its start on.
    guard fleet == nil else { return }
    do {
      guard let stored = try stored.get().first else { return }
      var restored = try JSONDecoder.admin.decode(Accounts.self, from: Data(stored.blob))
      restored.adopt(playbook)
      restored.add(accounts)
      accounts = restored
    } catch {
      log.logger(label: "crossfade").warning("the figures kept in the store cannot be read and begin anew: \(error)")
    }
  }

  /// Where there is something new, as often as the checkpoint; of large accounts less often, so that they do not wear the disk.
  private static let accountsInterval = Duration.seconds(5)
  private static let accountsBytesPerSecond = 128 << 10

  /// Writes the accounts to the store where it is time to. They are encoded beside the runner, not by it: that may take
  /// tens of milliseconds, and no decision waits for it.
  nonisolated func keepAccounts() async {
    guard let (accounts, store, rollout, at) = await accountsToKeep() else { return }
    let replica = await replicaName
    do {
      let blob = [UInt8](try JSONEncoder.admin.encode(accounts))
      try await access.thread.perform { () throws(StoreFault) in
        try store.keep(StoredAccounts(rollout: rollout, replica: replica, at: at, blob: blob))
      }
      await accountsKept(bytes: blob.count, at: at)
    } catch {
      // The journal's own writes find out what is wrong with it, and say so.
      await accountsNotKept()
      log.logger(label: "crossfade").debug("the figures could not be kept: \(error)")
    }
  }

  private var replicaName: String { fleet?.replica.description ?? "" }

  private func accountsToKeep() -> (Accounts, any RolloutStore, String, Instant)? {
    let now = clock.now
    guard hasUnkeptAccounts, let store, machine.outage == nil, now >= accountsDueAt else { return nil }
    hasUnkeptAccounts = false
    accountsDueAt = now + Self.accountsInterval
    return (accounts, store, playbook.name, now)
  }

  private func accountsKept(bytes: Int, at: Instant) {
    let spacing = Duration.seconds(bytes / Self.accountsBytesPerSecond)
    accountsDueAt = max(accountsDueAt, at + spacing)
  }

  private func accountsNotKept() { hasUnkeptAccounts = true }

  /// The last of a run.
  func lastAccounts() -> StoredAccounts? {
    do {
      return StoredAccounts(
        rollout: playbook.name, replica: replicaName, at: clock.now,
        blob: [UInt8](try JSONEncoder.admin.encode(accounts)))
    } catch {
      log.logger(label: "crossfade").error("the figures could not be kept: \(error)")
      return nil
    }
  }
}

extension RolloutRunner {
  struct EarlyOutcome {
    var exchange: UInt64
    var isSuccess: Bool
  }
}
