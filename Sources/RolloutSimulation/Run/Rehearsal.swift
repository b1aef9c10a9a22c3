/// One rollout in virtual time: requests arrive, attempts end, the machine steers, the split follows.

import Dialects
import RolloutJudge
import RolloutSteering
import TrafficSplit

/// Runs once. Instants are nanoseconds since the rollout began; the judge is told them since `epoch`.
struct Rehearsal {
  /// 2026-01-01T00:00:00Z: any fixed day, so that a trace is the same whenever it is made.
  static let epoch: Int64 = 1_767_225_600_000_000_000
  /// How often `run` asks the judge although nothing happened.
  static let tick: Int64 = 100_000_000

  let playbook: Playbook
  let keepsDecisions: Bool
  let approves: Bool
  let until: Int64
  let requests: [ImaginedRequest]
  let mix: KindMix
  /// By kind, where models are told apart.
  let models: [String?]
  let application: Application
  /// Whether anything in the playbook asks about mismatches.
  let asksForMismatches: Bool
  /// What comparing will say, by the copy under way.
  var comparisons: [UInt64: PairComparison] = [:]

  var generator: SeededGenerator
  var arrivals: Arrivals
  var units: UnitPopulation
  var weather: Weather
  var ends = EndQueue<Underway>()
  /// Requests that failed and will be sent again.
  var returns = EndQueue<ApplicationRequest>()
  var copies: CopyBounds

  /// The very one that steers in production.
  var machine: RolloutMachine
  /// What the imagined store holds.
  var journal: [Decision] = []
  var now: Int64 = 0
  var directive: Directive
  /// By kind.
  var splits: [SplitPlaces]
  var attention: Attention
  var nextTick: Int64 = 0
  var attempts: UInt64 = 0
  var exchanges: UInt64 = 0
  var log: RunLog
  /// What the judge is told of an attempt's start, for requests of the kind `begun`; most of it changes with the split only.
  var start = AttemptStart(
    attempt: 0, exchange: 0, arm: .baseline, population: .live, unit: 0, shares: [], at: Instant(nanoseconds: epoch))
  var begun: (kind: Int, population: Population)?
  /// What the judge is told of an attempt's end; most of it never changes.
  var end = AttemptEnd(
    attempt: 0, exchange: 0, arm: .baseline, population: .live, outcome: .ok, at: Instant(nanoseconds: epoch),
    latency: 0, ttft: nil, cost: nil, isRetry: false, isNormalFinish: true)

  /// How often the judge is asked.
  enum Pace: Sendable {
    /// On every tick and after every attempt, as `run` does.
    case everyTick
    /// The same without the ticks at which nothing can be decided.
    case skipping
  }

  struct Underway: Sendable {
    var attempt: UInt64
    var exchange: UInt64
    var start: Int64
    var request: ApplicationRequest
    var arm: ArmIndex
    var ending: ArmModel.Ending
    var population: Population
  }

  init(_ simulation: Simulation, number: Int, keepsDecisions: Bool, pace: Pace) {
    playbook = simulation.playbook
    let scenario = simulation.scenario
    self.keepsDecisions = keepsDecisions
    approves = simulation.approves
    until = simulation.until.nanoseconds
    requests = simulation.requests
    mix = KindMix(scenario.mix)
    models = scenario.mix.isEmpty ? [nil] : simulation.requests.map(\.model)
    application = Application(scenario, playbook)
    asksForMismatches = (playbook.rollbackWhen + playbook.pauseWhen).contains { $0.metric.isOfPairs }
    attention = Attention(simulation, pace)
    generator = SeededGenerator(seed: scenario.seed, run: number)
    units = UnitPopulation(scenario, isSticky: !playbook.traffic.sticky.isEmpty, &generator)
    weather = Weather(scenario, playbook, &generator)
    arrivals = Arrivals(scenario.traffic, &generator)
    copies = CopyBounds(playbook.shadow)
    machine = RolloutMachine(playbook: playbook, at: Instant(nanoseconds: Self.epoch), keepsFigures: false)
    directive = machine.judge.directive
    splits = []
    log = RunLog(playbook, models: models, number: number)
    follow()
  }

  mutating func run() -> SimulatedRun {
    begin()
    while !log.isOver {
      let next = min(arrivals.next, ends.next, min(nextTick, returns.next))
      guard next < until else { break }
      now = next
      if now >= weather.nextChange { changeWeather() }
      if ends.next == now {
        if attemptEnded() { settle() }
      } else if arrivals.next == now {
        requestArrived()
        arrivals.advance(&generator)
      } else if returns.next == now {
        send(returns.pop())
      } else {
        settle()
      }
    }
    drain()
    return log.run(endedAt: log.isOver ? now : until, exchanges: Int(exchanges))
  }

  var instant: Instant { Instant(nanoseconds: Self.epoch + now) }

  private mutating func changeWeather() {
    let wasDown = weather.isStoreDown
    weather.advance(to: now)
    guard weather.isStoreDown != wasDown else { return }
    // A process notices within seconds, since it saves what it knows that often.
    if weather.isStoreDown { feed(.storeFailed(Self.storeDown)) }
    settle()
  }
}
