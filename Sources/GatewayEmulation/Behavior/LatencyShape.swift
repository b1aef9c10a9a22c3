/// How long an emulated gateway takes: always the same, or with the long tail that real gateways have.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

package enum LatencyShape: Sendable, Equatable {
  case fixed(Duration)
  /// `median * exp(sigma * z)`, z standard normal; p95 is `median * exp(1.645 * sigma)`.
  case lognormal(median: Duration, sigma: Double)

  /// No draw is longer, however wide the shape.
  static let longest = Duration.seconds(3600)

  func draw(using random: inout SeededRandom) -> Duration {
    switch self {
    case .fixed(let duration):
      return min(max(duration, .zero), Self.longest)
    case .lognormal(let median, let sigma):
      let factor = exp(sigma * random.standardNormal())
      let seconds = (median / .seconds(1)) * factor
      guard seconds < Self.longest / .seconds(1) else { return Self.longest }
      return .seconds(max(seconds, 0))
    }
  }
}

extension SeededRandom {
  /// Box and Muller (1958), the cosine half.
  mutating func standardNormal() -> Double {
    let radius = (-2 * log(1 - fraction())).squareRoot()
    return radius * cos(2 * .pi * fraction())
  }
}
