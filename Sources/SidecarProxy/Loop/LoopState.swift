/// Everything one event loop owns under one playbook: its pools, its open calls and clients, its ledger. Touched on that loop
/// only.

import Dialects
import NIOConcurrencyHelpers
import NIOCore
import RolloutJudge
import TrafficSplit

final class LoopState {
  let eventLoop: any EventLoop
  let shared: ProxyShared
  private(set) var routing: Routing
  var random: SplitMix64
  var ledger = LedgerBatch()
  var livePools: [UpstreamPool] = []
  var shadowPools: [UpstreamPool] = []
  /// To the hosts of arms' jobs, where those are others than the arms'.
  private var jobPools: [UpstreamPool] = []
  var jobs = OpenJobs()
  private(set) lazy var mediaHosts = MediaHosts(loop: self)
  private(set) lazy var copies = CopyQueue(loop: self)
  private(set) lazy var deadlines = CallDeadlines(loop: self)
  let flushes: TurnFlushes
  /// Nil where the playbook has none.
  private(set) var guards: LoopGuards?
  var retries = RetryMemory()
  /// Requests whose clients have left and say by themselves when they retry.
  var departures = RetryMemory()
  /// Bytes of answers that are held back.
  var heldBytes = 0
  var keptBodies: KeptBodies
  let requestReader: RequestReader
  /// By arm; empty where no arm's bills are asked for.
  var bills: [BillSampling?]
  var labelTable: LabelTable
  var comparisons: ComparisonBudget
  /// Looks into requests that the split need not know.
  private var quietReads = Spacing(1_000_000)
  /// Exchanges of which is measured how long Crossfade itself holds them up.
  private var overheads = Spacing(10_000_000)
  /// When what is being handled now began, by the loop's monotonic clock in nanoseconds.
  private(set) var time: Int64
  var clients: [ObjectIdentifier: ClientConnection] = [:]
  var isDraining = false
  var drained: EventLoopPromise<Void>?
  private var nextSerial: UInt64
  private var isHandOverScheduled = false
  /// The least time between two batches that leave at once, since a candidate has failed.
  private var urgentHandOvers = Spacing(5_000_000)
  var isHousekeepingScheduled = false
  /// Under the playbook that took the place of this one's: clients go over to it with their next request.
  var successor: LoopState?

  /// How long ledger entries wait to be sent together; a decision has a tenth of a second to take effect.
  private static let handOverInterval = TimeAmount.milliseconds(25)
  static let housekeepingInterval = TimeAmount.seconds(1)

  /// - Parameter number: the loop's place among the loops; serials of different loops never meet.
  init(eventLoop: any EventLoop, number: Int, shared: ProxyShared, routing: Routing, seed: UInt64) {
    self.eventLoop = eventLoop
    self.shared = shared
    self.routing = routing
    random = SplitMix64(seed: seed)
    nextSerial = UInt64(number) << 56 + UInt64(routing.generation & 0xFFF) << 44 + 1
    time = Int64(bitPattern: eventLoop.now.uptimeNanoseconds)
    flushes = TurnFlushes(eventLoop: eventLoop)
    keptBodies = KeptBodies(limit: shared.limits.keptBodyBytes)
    guards = LoopGuards(shared)
    requestReader = RequestReader(fields: shared.bodyFields)
    bills = BillSampling.all(shared.targets)
    labelTable = LabelTable(tags: shared.tags, seed: random.next())
    comparisons = ComparisonBudget(
      perSecond: shared.comparisonsPerSecond, byteLimit: shared.limits.comparisonBytes)
    livePools = shared.targets.map { UpstreamPool(target: $0, loop: self, tls: shared.tls, isForCopies: false) }
    shadowPools = shared.targets.map { UpstreamPool(target: $0, loop: self, tls: shared.tls, isForCopies: true) }
  }

  /// The pool for the jobs of an arm that other requests have this one for.
  func jobPool(beside pool: UpstreamPool) -> UpstreamPool {
    guard let target = pool.target.media else { return pool }
    if let known = jobPools.first(where: { $0.target === target && $0.isForCopies == pool.isForCopies }) {
      return known
    }
    let made = UpstreamPool(target: target, loop: self, tls: shared.tls, isForCopies: pool.isForCopies)
    jobPools.append(made)
    return made
  }

  var pools: [UpstreamPool] {
    livePools + shadowPools + jobPools + (hasJobs ? mediaHosts.all : [])
  }

  private var hasJobs: Bool { shared.targets.contains(where: \.worksByJobs) }

  /// Lets go of the pools, which hold on to it.
  func dissolve() {
    for pool in pools { pool.closeIdle() }
    (livePools, shadowPools, jobPools) = ([], [], [])
  }

  // MARK: time and numbers

  /// Reads the clock; whatever enters the loop's code from outside begins with it.
  func tick() {
    time = clock
    flushes.noteEntry(at: time)
  }

  /// The time now, not of the last tick; in nanoseconds.
  var clock: Int64 { Int64(bitPattern: eventLoop.now.uptimeNanoseconds) }

  func instant(_ nanoseconds: Int64) -> Instant { Instant(nanoseconds: shared.epoch + nanoseconds) }

  func now() -> Instant { instant(time) }

  func serial() -> UInt64 {
    defer { nextSerial += 1 }
    return nextSerial
  }

  // MARK: the control plane

  /// Two that were sent at the same moment may arrive in either order: the older one changes nothing.
  func adopt(_ routing: Routing) {
    guard routing.generation == self.routing.generation, routing.number >= self.routing.number else { return }
    self.routing = routing
  }

  /// Whether to look into a request that goes to the baseline whatever it says. Prices go by its model and tags by what it
  /// holds; else it is for the figures alone, and then one in a millisecond is enough.
  func readsQuietly(at now: Int64) -> Bool {
    guard !shared.needsFacts else { return true }
    return quietReads.take(at: now)
  }

  /// Reading the clock twice more is not for every exchange.
  func measuresOverhead(at now: Int64) -> Bool { overheads.take(at: now) }

  func record(_ entry: consuming LedgerEntry) {
    ledger.entries.append(entry)
    scheduleHandOver()
  }

  /// - Parameters:
  ///   - transport: how the connection ended, as the proxy saw it.
  ///   - at: when; nil for now.
  func record(endOf meter: AttemptMeter, _ transport: TransportEnd, at: Instant? = nil) -> Outcome {
    var end = meter.end(transport, at: at ?? now())
    let (outcome, isCandidate) = (end.outcome, !end.arm.isBaseline)
    if !bills.isEmpty { noteBill(meter, in: &end) }
    if meter.isUnreadable { ledger.counters.unreadableAnswers += 1 }
    if meter.isTooLong { ledger.counters.answersNotUnpacked += 1 }
    if outcome == .clientGone { ledger.counters.clientsGone += 1 }
    if let guards { note(end, meter, guards) }
    record(.ended(consume end))
    if outcome.countsAsError, isCandidate { handOverSoon() }
    return outcome
  }

  func noteReplay(on arm: ArmIndex) {
    ledger.counters.noteReplays(1, onArm: arm.rawValue)
  }

  func scheduleHandOver() {
    guard !isHandOverScheduled else { return }
    isHandOverScheduled = true
    eventLoop.assumeIsolated().scheduleTask(in: Self.handOverInterval) {
      self.isHandOverScheduled = false
      self.tick()
      // What was there may have been urgent and gone already.
      if !self.ledger.isEmpty { self.handOver() }
    }
  }

  /// A candidate's failure may be the one that decides: it does not wait for others.
  private func handOverSoon() {
    guard urgentHandOvers.take(at: time) else { return }
    eventLoop.assumeIsolated().execute { self.handOver() }
  }

  /// Sends what the ledger holds to the control plane.
  func handOver() {
    let batch = ledger
    ledger = LedgerBatch()
    ledger.entries.reserveCapacity(batch.entries.count)
    shared.observer.batch(batch)
  }

  /// Calls back with the time once all that was flushed so far is written: at once, or at the end of the turn.
  func whenWritten(_ body: @escaping (Instant) -> Void) {
    flushes.whenWritten { body(self.instant(Int64(bitPattern: self.eventLoop.now.uptimeNanoseconds))) }
  }
}
