import Testing

@testable import GatewayEmulation

@Suite("LatencyShape")
struct LatencyShapeTests {
  @Test("Half of the lognormal draws are below the median, 95% below median * exp(1.645 sigma)")
  func quantiles() {
    let shape = LatencyShape.lognormal(median: .milliseconds(200), sigma: 0.5)
    var random = SeededRandom(seed: 3)
    let draws = (0..<20_000).map { _ in shape.draw(using: &random) }.sorted()
    #expect(abs(draws[10_000] / .milliseconds(200) - 1) < 0.03)
    #expect(abs(draws[19_000] / .milliseconds(200) - 2.276) < 0.1)
  }

  @Test("No draw is negative or longer than an hour")
  func bounds() {
    var random = SeededRandom(seed: 3)
    #expect(LatencyShape.fixed(.seconds(-1)).draw(using: &random) == .zero)
    let wild = LatencyShape.lognormal(median: .seconds(1), sigma: 1000)
    #expect((0..<1000).allSatisfy { _ in (.zero...LatencyShape.longest).contains(wild.draw(using: &random)) })
  }
}
