/// Pins the numbers that every rehearsal is made of, and holds their distributions to what they are named after.

import RealModule
import Testing

@testable import RolloutSimulation

@Suite struct SeededGeneratorTests {
  @Test("The reference vectors of SplitMix64 and xoshiro256++ are met")
  func vectors() {
    // SplitMix64 of seed 0 begins e220a8397b1dcdaf, 6e789e6aa1b965f4, 06c45d188009454f, f88bb8a8724c81ec.
    var generator = SeededGenerator(seed: 0)
    #expect((0..<3).map { _ in generator.next() } == [0x53175D61490B23DF, 0x61DA6F3DC380D507, 0x5C0FDF91EC9A7BFC])
  }

  @Test("Runs of one seed, and the same run of two seeds, draw different numbers")
  func runs() {
    var seen: Set<UInt64> = []
    for seed in 1...20 as ClosedRange<UInt64> {
      for run in 1...50 {
        var generator = SeededGenerator(seed: seed, run: run)
        seen.insert(generator.next())
      }
    }
    #expect(seen.count == 1000)
  }

  @Test("Waits have the mean and the tail of an exponential")
  func waits() {
    var generator = SeededGenerator(seed: 3)
    let waits = (0..<40_000).map { _ in generator.wait() }
    #expect(abs(waits.reduce(0, +) / 40_000 - 1) < 0.025)
    #expect(abs(Double(waits.count { $0 > 3 }) / 40_000 - Double.exp(-3)) < 0.004)
  }

  @Test(
    "Normal numbers have every quantile where it belongs, far out too",
    arguments: [0.001, 0.05, 0.25, 0.5, 0.84, 0.999])
  func normal(share: Double) {
    var generator = SeededGenerator(seed: 4)
    let limit = NormalQuantile.value(at: share)
    let below = (0..<60_000).count { _ in NormalZiggurat.shared.draw(&generator) < limit }
    let deviation = (share * (1 - share) / 60_000).squareRoot()
    #expect(abs(Double(below) / 60_000 - share) < 4.5 * deviation)
  }

  @Test("The tail beyond the ziggurat is drawn as often as it should be, on both sides")
  func tail() {
    var generator = SeededGenerator(seed: 5)
    let beyond = 2 * (1 - NormalQuantile.share(below: 3.5))
    let draws = (0..<200_000).map { _ in NormalZiggurat.shared.draw(&generator) }
    let far = draws.filter { abs($0) > 3.5 }
    #expect(abs(Double(far.count) - 200_000 * beyond) < 5 * (200_000 * beyond).squareRoot())
    #expect(far.contains { $0 > 0 } && far.contains { $0 < 0 })
  }

  @Test("Quantiles are those of the tables")
  func quantiles() {
    #expect(abs(NormalQuantile.value(at: 0.95) - 1.644_853_627) < 1e-8)
    #expect(abs(NormalQuantile.value(at: 0.5)) < 1e-10)
    #expect(abs(NormalQuantile.share(below: 1.959_963_985) - 0.975) < 1e-9)
  }
}
