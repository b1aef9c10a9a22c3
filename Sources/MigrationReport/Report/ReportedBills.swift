/// What arms have billed, held against what their answers told, as the report has it.

import RolloutJudge

package struct ReportedBills: Sendable, Encodable {
  package var arm: String
  /// Answers that had told their cost and whose bill is known.
  package var compared: Int
  /// USD of these: as billed, and as told.
  @Nullable package var billed: Double?
  @Nullable package var streamed: Double?
  /// Billed beyond told, as a share.
  @Nullable package var drift: Double?
  /// Those whose bill is another by more than a thousandth.
  package var differing: Int
  /// Answers that had told no cost, and USD billed for them, which no other figure holds.
  package var foundAnswers: Int
  @Nullable package var found: Double?
  package var missing: Int
  package var dropped: Int

  /// - Returns: one for each arm that was asked.
  static func all(_ arms: [ReportArm], _ accounts: Accounts) -> [ReportedBills] {
    arms.compactMap { arm in
      accounts.bills(arm: arm.name).flatMap { $0.asked > 0 ? ReportedBills(arm.name, $0) : nil }
    }
  }

  private init(_ arm: String, _ account: BillAccount) {
    self.arm = arm
    compared = account.compared
    billed = account.compared > 0 ? account.billed : nil
    streamed = account.compared > 0 ? account.told : nil
    drift = account.drift
    differing = account.differing
    foundAnswers = account.found
    found = account.found > 0 ? account.foundDollars : nil
    missing = account.missing
    dropped = account.dropped
  }
}

extension RolloutReport {
  static let billsExplanation =
    "A sample of answers whose bill was asked for afterwards. What was found is of answers that told no cost, such as "
    + "streams that were broken off; it is added to no other figure of this report, since other arms do not "
    + "say the like."

  var billTable: TextTable {
    TextTable(
      columns: [
        "arm", "answers", "billed", "as told", "drift", "that differ", "found: answers", "found: billed", "not there",
      ],
      rows: bills.map { bill in
        [
          bill.arm, FigureFormat.count(bill.compared), FigureFormat.text(bill.billed, .dollars),
          FigureFormat.text(bill.streamed, .dollars), FigureFormat.drift(bill.drift),
          FigureFormat.count(bill.differing),
          FigureFormat.count(bill.foundAnswers), FigureFormat.text(bill.found, .dollars),
          FigureFormat.count(bill.missing),
        ]
      }, words: [0])
  }
}

extension FigureFormat {
  /// `+5.0%`; with its sign always.
  static func drift(_ value: Double?) -> String {
    guard let value, value.isFinite else { return unknown }
    let text = share(value)
    return value > 0 ? "+" + text : text
  }
}
