/// Chooses the answers of an arm whose bill is asked for: all that told no cost, the first hundred, and a share of the rest.

import Dialects
import RolloutJudge
import TrafficSplit
import Vendors

/// One for each loop and arm. Nothing is asked here: the chosen answers' ids go along in the ledger.
struct BillSampling {
  private let share: Double
  private var first = Self.first
  private var credit = 0.0

  /// So that something is known soon.
  static let first = 100

  init(share: Double) { self.share = share }

  /// - Returns: by arm index; none where no arm's bills are asked for.
  static func all(_ targets: [ArmTarget]) -> [BillSampling?] {
    guard targets.contains(where: { $0.bill != nil }) else { return [] }
    return targets.map { target in target.bill.map { _ in BillSampling(share: target.arm.reconcile) } }
  }

  /// - Parameter toldCost: whether the answer said what it cost.
  mutating func takes(toldCost: Bool) -> Bool {
    guard toldCost else { return true }
    if first > 0 {
      first -= 1
      return true
    }
    credit += share
    guard credit >= 1 else { return false }
    credit -= 1
    return true
  }
}

extension AttemptMeter {
  /// The id to ask after its answer's bill by; nil where it has none, and of what is made later and so billed later.
  func billID(_ place: BillPlace) -> String? {
    guard jobNote == nil, endpoints?.spoken != .videos else { return nil }
    return place.id(head: headID.text, body: reader.fact { $0.id })
  }
}

extension LoopState {
  /// What can have been billed nothing is not asked after, nor what names its arm and counts for nobody.
  func noteBill(_ meter: AttemptMeter, in end: inout AttemptEnd) {
    let arm = end.arm.rawValue
    guard bills.indices.contains(arm), end.population != .override, end.cost != nil || end.costAtMost != nil,
      bills[arm]?.takes(toldCost: end.cost != nil) == true, let place = shared.targets[arm].bill
    else { return }
    end.billID = meter.billID(place)
  }
}
