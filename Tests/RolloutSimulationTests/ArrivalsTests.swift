/// Holds arrivals to their rates, at every hour of the day.

import RealModule
import Testing

@testable import RolloutSimulation

@Suite struct ArrivalsTests {
  /// How many arrive within each hour of the first two days.
  private func hourly(_ shape: TrafficShape, seed: UInt64 = 1) -> [Int] {
    var generator = SeededGenerator(seed: seed)
    var arrivals = Arrivals(shape, &generator)
    var counts = [Int](repeating: 0, count: 48)
    while arrivals.next < 48 * 3600 * 1_000_000_000 {
      counts[Int(arrivals.next / 3_600_000_000_000)] += 1
      arrivals.advance(&generator)
    }
    return counts
  }

  private func expect(_ count: Int, isAbout mean: Double) {
    #expect(abs(Double(count) - mean) <= 5 * mean.squareRoot(), "\(count) arrived, \(mean) expected")
  }

  @Test("A constant rate is kept in every hour")
  func constant() {
    for count in hourly(TrafficShape(rate: 0.5)) { expect(count, isAbout: 1800) }
  }

  @Test("As many are foretold as arrive on average")
  func foretold() {
    #expect(TrafficShape(rate: 10).requests(until: .seconds(60)) == 600)
    let day = TrafficShape(steps: [.init(at: .seconds(7200), rate: 2), .init(at: .seconds(36_000), rate: 0.5)])
    // Half a request a second but from two to ten.
    #expect(day.requests(until: .seconds(86_400)) == 16 * 1800 + 8 * 7200)
    #expect(day.requests(until: .seconds(90_000)) == 17 * 1800 + 8 * 7200)
    #expect(day.requests(until: .seconds(3600)) == 1800)
    let once = TrafficShape(steps: [.init(at: .seconds(60), rate: 1), .init(at: .seconds(90_000), rate: 0)])
    #expect(once.requests(until: .seconds(100_000)) == 90_000)
  }

  @Test("A day's shape repeats, its last step reaching over midnight")
  func daily() {
    let shape = TrafficShape(steps: [.init(at: .seconds(6 * 3600), rate: 1), .init(at: .seconds(18 * 3600), rate: 0.1)])
    let counts = hourly(shape)
    for hour in 0..<48 { expect(counts[hour], isAbout: (6..<18).contains(hour % 24) ? 3600 : 360) }
  }

  @Test("A shape beyond a day happens once, its first step reaching back")
  func once() {
    let shape = TrafficShape(steps: [.init(at: .seconds(3600), rate: 0.2), .init(at: .seconds(30 * 3600), rate: 1)])
    let counts = hourly(shape)
    for hour in 0..<48 { expect(counts[hour], isAbout: hour < 30 ? 720 : 3600) }
  }

  @Test("Hours without traffic are empty, and the traffic comes back")
  func gaps() {
    let counts = hourly(
      TrafficShape(steps: [.init(at: .zero, rate: 0.5), .init(at: .seconds(3600), rate: 0)]))
    for hour in 0..<48 { expect(counts[hour], isAbout: hour % 24 == 0 ? 1800 : 0) }
  }

  @Test("Without any traffic nothing ever arrives")
  func none() {
    var generator = SeededGenerator(seed: 1)
    #expect(Arrivals(TrafficShape(rate: 0), &generator).next == .max)
  }
}
