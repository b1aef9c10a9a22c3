/// How an emulated OpenRouter bills: when its record of an answer is there, what it says, and who may ask.

package struct BillManners: Sendable, Equatable {
  package enum Fault: String, Sendable, CaseIterable {
    case none
    /// There is no record of any answer.
    case missing
    /// The key may not ask: 403.
    case refused
    /// 429 with `Retry-After: 1`, for every other question.
    case limited
    /// Questions are never answered.
    case silent
  }

  /// From the answer's beginning; 404 until then.
  package var after: Duration
  /// The share that is billed beyond what the answer told; below 0 less.
  package var drift: Double
  package var fault: Fault

  package init(after: Duration = .seconds(1), drift: Double = 0, fault: Fault = .none) {
    self.after = after
    self.drift = drift
    self.fault = fault
  }
}
