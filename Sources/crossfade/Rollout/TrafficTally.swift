/// What a process has seen since it began, for `/metrics`: how long attempts took, what is under way, what clients noticed.

import AdminServer
import Dialects
import RolloutJudge
import TrafficSplit

/// Fed with every entry of the ledger; nothing decides by it. Its size is that of the playbook's arms.
struct TrafficTally {
  private struct Times {
    var duration = SecondsHistogram()
    var firstToken = SecondsHistogram()
    var started = 0
    var ended = 0
    /// Errors that a client got, unless the baseline answered instead.
    var failed = 0
    var rescued = 0
  }

  /// By arm and population: found without a search, since every attempt comes by.
  private var times: [Times] = []
  private var decisions: [Decision.Kind: Int] = [:]

  private static let populations = Population.allCases.count

  private static func place(_ arm: ArmIndex, _ population: Population) -> Int {
    arm.rawValue * populations + Int(population.rawValue)
  }

  private mutating func room(_ arm: ArmIndex, _ population: Population) -> Int {
    let place = Self.place(arm, population)
    while times.count <= place { times.append(Times()) }
    return place
  }

  private func seen(_ arm: ArmIndex, _ population: Population) -> Times? {
    let place = Self.place(arm, population)
    guard place < times.count, times[place].started + times[place].ended > 0 else { return nil }
    return times[place]
  }

  mutating func count(_ entry: LedgerEntry) {
    switch entry {
    case .started(let start): times[room(start.arm, start.population)].started += 1
    case .ended(let end): record(end)
    case .withdrawn(let end): times[room(end.arm, end.population)].ended += 1
    case .fellBack(let arm, _, _, _): times[room(arm, .live)].rescued += 1
    case .shadowDropped, .retried, .compared, .videoSettled, .overhead, .outcomeReported: break
    }
  }

  private mutating func record(_ end: AttemptEnd) {
    let place = room(end.arm, end.population)
    times[place].ended += 1
    if end.outcome.isOk { times[place].duration.record(nanoseconds: end.latency) }
    if let ttft = end.ttft { times[place].firstToken.record(nanoseconds: ttft) }
    if end.outcome.countsAsError, [.live, .rescue].contains(end.population) { times[place].failed += 1 }
  }

  mutating func count(_ decision: Decision) { decisions[decision.decision, default: 0] += 1 }

  // MARK: shown

  /// Of attempts since the process began; every arm is there from the start.
  func families(_ arms: [Arm]) -> [MetricFamily] {
    let named = arms.enumerated().map { (name: $0.element.name, index: ArmIndex(rawValue: $0.offset)) }
    func histogram(
      _ name: String, _ help: String, _ part: KeyPath<Times, SecondsHistogram>
    ) -> MetricFamily {
      MetricFamily(
        name: name, help: help, kind: .histogram,
        samples: named.flatMap { arm in
          [Population.live, .shadow].filter { $0 == .live || seen(arm.index, $0) != nil }.flatMap {
            (seen(arm.index, $0) ?? Times())[keyPath: part].samples(["arm": arm.name, "population": $0.name])
          }
        })
    }
    func counter(_ name: String, _ help: String, _ value: (ArmIndex) -> Int) -> MetricFamily {
      MetricFamily(
        name: name, help: help, kind: .counter, samples: named.map { .init(["arm": $0.name], Double(value($0.index))) })
    }
    return [
      histogram(
        "crossfade_request_duration_seconds", "Last request byte read to last answer byte, of ok attempts.", \.duration),
      histogram(
        "crossfade_time_to_first_token_seconds", "Last request byte read to the first content.", \.firstToken),
      counter("crossfade_rescues_total", "Failed canaries that the baseline answered instead, by candidate.") {
        seen($0, .live)?.rescued ?? 0
      },
      counter("crossfade_client_errors_total", "Failures that reached a client, by the arm that it was answered by.") {
        let live = seen($0, .live) ?? Times()
        return max(0, live.failed - live.rescued) + (seen($0, .rescue)?.failed ?? 0)
      },
      inFlight(named), decisionFamily,
    ]
  }

  private func inFlight(_ named: [(name: String, index: ArmIndex)]) -> MetricFamily {
    MetricFamily(
      name: "crossfade_requests_in_flight", help: "Attempts under way.", kind: .gauge,
      samples: named.flatMap { arm in
        [("live", [Population.live, .rescue, .override]), ("shadow", [.shadow, .noise])].map { word, populations in
          let open = populations.reduce(0) { sum, population in
            sum + (seen(arm.index, population).map { $0.started - $0.ended } ?? 0)
          }
          return .init(["arm": arm.name, "population": word], Double(max(0, open)))
        }
      })
  }

  /// Every kind is there from the start, so that the first rollback is a rise.
  private var decisionFamily: MetricFamily {
    MetricFamily(
      name: "crossfade_decisions_total", help: "Decisions of this process, by kind.", kind: .counter,
      samples: Decision.Kind.allCases.map { .init(["decision": $0.rawValue], Double(decisions[$0] ?? 0)) })
  }
}
