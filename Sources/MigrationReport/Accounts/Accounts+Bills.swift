/// The bills in the accounts: by arm, and as `status` shows them.

package import RolloutJudge
import TrafficSplit

extension Accounts {
  /// - Parameter name: an arm's; nothing is kept of others.
  package mutating func updateBills(arm name: String, _ change: (inout BillAccount) -> Void) {
    guard let arm = armPlace(name) else { return }
    change(&bills[arm, default: BillAccount()])
  }

  package func bills(arm name: String) -> BillAccount? { armPlace(name).flatMap { bills[$0] } }
}

extension Reconciliation {
  /// - Parameter account: nil where nothing was asked yet.
  package init(_ state: State, note: String?, waiting: Int, _ account: BillAccount?) {
    let account = account ?? BillAccount()
    self.init(
      state: state, note: note, asked: account.asked, answered: account.compared + account.found,
      missing: account.missing, dropped: account.dropped, waiting: waiting,
      billed: account.compared > 0 ? account.billed : nil, streamed: account.compared > 0 ? account.told : nil,
      drift: account.drift, compared: account.compared, differing: account.differing,
      found: account.found > 0 ? account.foundDollars : nil, foundAnswers: account.found)
  }
}
