/// How many requests an arm bears at the same time, learnt from the time to its first token: what queues there shows in it.

/// After the gradient limits of Netflix' concurrency-limits: the time to first token of an arm that nobody waits for, over that of
/// now, says what part of the present limit is good, and a root of it is what may be tried beyond. The former is measured anew
/// now and then with half of the limit, since an average would learn to take queueing for normal.
package struct AdaptiveLimit: Sendable, Equatable {
  private var estimate: Double
  /// The least that the average has been since the last probe.
  private var base: Double?
  private var average: Double?
  private var samples = 0
  /// Answers of requests that were sent before the probe.
  private var toIgnore = 0
  package static let least = 4.0
  package static let most = 1000.0
  private static let first = 20.0
  /// An arm may be so much slower than at its best and not be queueing.
  private static let tolerance = 1.5
  private static let smoothing = 0.2
  private static let averaged = 0.1
  private static let probeEvery = 2000

  package init() { estimate = Self.first }

  package var limit: Int { Int(estimate) }

  /// - Parameters:
  ///   - ttft: nanoseconds, of an answer that was one.
  ///   - inFlight: when it ended, itself included.
  package mutating func answered(ttft: Int64, inFlight: Int) {
    guard toIgnore == 0 else {
      toIgnore -= 1
      return
    }
    let now = Double(max(1, ttft))
    let short = average.map { $0 + (now - $0) * Self.averaged } ?? now
    average = short
    base = min(base ?? short, short)
    samples += 1
    // One that is not used says nothing about more of it.
    guard Double(inFlight) * 2 >= estimate, let base else { return }
    if samples >= Self.probeEvery { return probe(inFlight) }
    let gradient = max(0.5, min(1, Self.tolerance * base / short))
    move(to: estimate * gradient + estimate.squareRoot())
  }

  private mutating func probe(_ inFlight: Int) {
    estimate = max(Self.least, estimate / 2)
    (base, average, samples, toIgnore) = (nil, nil, 0, inFlight)
  }

  /// The arm said that it is too much.
  package mutating func refused() { estimate = max(Self.least, estimate * 0.9) }

  private mutating func move(to next: Double) {
    estimate = min(Self.most, max(Self.least, estimate * (1 - Self.smoothing) + next * Self.smoothing))
  }
}
