import Testing

@testable import GatewayEmulation

@Suite("RequestPlan")
struct RequestPlanTests {
  @Test("Rates strike their share of requests, each request by at most one")
  func rates() {
    let behavior = GatewayBehavior(
      errorRate: 0.1, inBodyErrorRate: 0.2, incompleteRate: 0.3, emptyRate: 0.2, fault: .garbage, faultRate: 0.5)
    var counts: [String: Int] = [:]
    for number in 1...20_000 {
      counts[RequestPlan(behavior: behavior, number: number).fault.description, default: 0] += 1
    }
    // Binomial with n = 20,000: four standard deviations are at most 260.
    let expected = [
      "status:500": 2000, "error-in-body": 4000, "no-terminal": 6000, "empty": 4000, "garbage": 2000, "none": 2000,
    ]
    #expect(Set(counts.keys) == Set(expected.keys))
    for (fault, count) in expected { #expect(abs(counts[fault, default: 0] - count) < 260) }
  }

  @Test("The number alone decides, whatever was planned before")
  func pure() {
    let behavior = GatewayBehavior(latency: .lognormal(median: .seconds(1), sigma: 1), errorRate: 0.5, seed: 7)
    let forwards = (1...50).map { RequestPlan(behavior: behavior, number: $0) }
    let backwards = (1...50).reversed().map { RequestPlan(behavior: behavior, number: $0) }
    #expect(forwards == backwards.reversed())
  }

  @Test("Errors may take a time of their own")
  func errorLatency() {
    let behavior = GatewayBehavior(
      latency: .fixed(.seconds(1)), errorRate: 1, errorLatency: .fixed(.milliseconds(5)), script: [.none])
    #expect(RequestPlan(behavior: behavior, number: 1).delay == .seconds(1))
    #expect(RequestPlan(behavior: behavior, number: 2).delay == .milliseconds(5))
  }
}
