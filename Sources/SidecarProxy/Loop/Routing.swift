/// What the control plane tells the loops: the split table and whether copies may be sent. Read once per request.

package import TrafficSplit

package struct Routing: Sendable {
  package var table: SplitTable
  /// By candidate: whether the day's shadow budget is spent.
  package var budgetSpent: Bool
  /// Share of shadowed exchanges that the baseline answers a second time.
  package var noise: Double

  package init(table: SplitTable, budgetSpent: Bool = false, noise: Double = 0) {
    self.table = table
    self.budgetSpent = budgetSpent
    self.noise = noise
  }
}
