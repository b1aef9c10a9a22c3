/// Bills that are asked for after answers are over: off every path, for the report and `status` alone. Nothing is decided by them.

import Logging
import MigrationReport
import OperatorLog
import RolloutJudge
import TrafficSplit
import Vendors

extension RolloutRunner {
  static func billDesks(of playbook: Playbook) -> [String: BillDesk] {
    let asked = playbook.arms.filter { billState(of: $0, in: playbook) == .asking }
    return Dictionary(uniqueKeysWithValues: asked.map { ($0.name, BillDesk()) })
  }

  /// An arm that is asked as before keeps what waits; another key may be let what the former was not.
  func keepBillDesks(for next: Playbook) {
    var desks = Self.billDesks(of: next)
    for arm in next.arms where desks[arm.name] != nil {
      guard let former = playbook.arms.first(where: { $0.name == arm.name }), former.vendor == arm.vendor,
        former.url == arm.url, former.key == arm.key, former.headers == arm.headers
      else { continue }
      desks[arm.name] = billDesks[arm.name] ?? desks[arm.name]
    }
    billDesks = desks
  }

  /// - Returns: nil where its vendor says nothing of its bills.
  private static func billState(of arm: Arm, in playbook: Playbook) -> Reconciliation.State? {
    guard Vendor.named(arm.vendor)?.bill != nil else { return nil }
    if arm.reconcile == 0 { return .off }
    return arm.hasOwnKey(isBaseline: arm.name == playbook.baseline.name) ? .asking : .noKey
  }

  func keepForBill(_ id: String, of end: AttemptEnd) {
    let name = playbook.arm(end.arm).name
    guard let dropped = billDesks[name]?.offer(BillDesk.Sample(id: id, told: end.cost), ended: end.at), dropped > 0
    else { return }
    accounts.updateBills(arm: name) { $0.drop(dropped) }
  }

  func askBills(at now: Instant) {
    guard let proxy else { return }
    for name in billDesks.keys {
      guard let sample = billDesks[name]?.next(at: now) else { continue }
      accounts.updateBills(arm: name) { $0.ask() }
      proxy.askBill(sample.id, name) { reply in Task { await self.billed(reply, of: sample.id, arm: name) } }
    }
  }

  private func billed(_ reply: BillReply, of id: String, arm name: String) {
    switch billDesks[name]?.answered(reply, of: id, at: clock.now) {
    case .billed(let sample, let dollars):
      // The fee that no answer tells of is on no bill either.
      let factor = playbook.arms.first { $0.name == name }?.costFactor ?? 1
      accounts.updateBills(arm: name) { $0.settle(billed: dollars * factor, told: sample.told) }
    case .missing: accounts.updateBills(arm: name) { $0.miss() }
    case .ended:
      if let note = note(of: name) { log.logger(label: "crossfade").warning("\(name): \(note)") }
    case .askedAgainLater, nil: break
    }
  }

  func reconciliation(of arm: Arm) -> Reconciliation? {
    guard var state = Self.billState(of: arm, in: playbook) else { return nil }
    let desk = billDesks[arm.name]
    switch desk?.state {
    case .refused: state = .refused
    case .neverThere: state = .neverThere
    case .asking, nil: break
    }
    return Reconciliation(state, note: note(of: arm.name), waiting: desk?.waits ?? 0, accounts.bills(arm: arm.name))
  }

  /// Why an arm is not asked; nil where it is.
  private func note(of name: String) -> String? {
    guard let arm = playbook.arms.first(where: { $0.name == name }) else { return nil }
    switch (Self.billState(of: arm, in: playbook), billDesks[name]?.state) {
    case (.noKey, _):
      return "what was billed is not asked: it has no key of its own, and the application's is not kept; say key:"
    case (.off, _): return "what was billed is not asked: reconcile: 0%"
    case (_, .refused(let status)):
      return "what was billed is not asked any more: its key may not (\(status)); costs stay as its answers tell them"
    case (_, .neverThere):
      return "what was billed is not asked any more: of none of its answers was there a record"
    case (.asking, _), (nil, _): return nil
    case (.refused, _), (.neverThere, _): return nil
    }
  }
}

extension Playbook {
  /// The baseline first.
  fileprivate var arms: [Arm] { [baseline] + candidates }
}
