import Testing

@testable import Listening

@Suite struct DescriptorBudgetTests {
  private static let asked = DescriptorDemand(clients: 10_256, live: 20_000, copies: 128)

  @Test("where there is enough, all that was asked for is given")
  func plenty() {
    let budget = DescriptorBudget(limit: 1 << 20, inUse: 60, asked: Self.asked)
    #expect(budget.allowed == Self.asked)
    #expect(!budget.isReduced)
  }

  @Test(
    "all shares together leave the reserve alone, whatever the limit", arguments: [128, 200, 256, 1024, 4096, 65_536])
  func shares(_ limit: Int) {
    let budget = DescriptorBudget(limit: limit, inUse: 40, asked: Self.asked)
    let allowed = budget.allowed
    #expect(40 + budget.reserve + allowed.clients + allowed.live + allowed.copies <= limit)
    #expect(budget.reserve >= 24)
    #expect(allowed.live >= min(allowed.clients + 8, Self.asked.live), "every client's request finds a connection")
    #expect(allowed.clients > 0 && allowed.copies > 0)
    #expect(DescriptorBudget.adminPlaces(of: limit) < budget.reserve)
  }

  @Test("a process that has next to none still answers")
  func least() {
    let budget = DescriptorBudget(limit: 20, inUse: 40, asked: Self.asked)
    #expect(budget.allowed.clients > 0 && budget.allowed.live > 0 && budget.allowed.copies > 0)
  }

  @Test("the soft limit is raised to the hard one, and what is open is counted")
  func system() {
    let (from, to) = DescriptorTable.raise()
    #expect(from <= to)
    #expect(DescriptorTable.limit == to)
    #expect((3..<to).contains(DescriptorTable.open))
  }
}
