/// The things that all loops share and none changes: the arms, the limits, where to report.

import Guards
import Listening
import NIOConcurrencyHelpers
import NIOCore
import NIOSSL
import RolloutJudge
import TrafficSplit

/// One reference: as a value it would be copied, field by field, wherever a request asks it something.
final class ProxyShared: Sendable {
  let targets: [ArmTarget]
  /// Some arm speaks another dialect than it may be asked in.
  let translates: Bool
  let timeouts: Timeouts
  /// With candidates, and with copies.
  let patience: Patience
  /// With the baseline, for a client that does not say how long it would wait.
  private let clientPatience: Patience
  let hold: SafetyNetHold
  let limits: ProxyLimits
  let fallback: Set<FallbackTrigger>
  let maxBodyBytes: Int
  let allowsOverride: Bool
  /// For each loop.
  let shadowInFlight: Int
  /// Body fields that rules, sticky keys and tags ask for, by dotted path.
  let bodyFields: [String]
  let tags: TagNames
  let guards: GuardPolicy?
  /// Event loops.
  let loops: Int
  /// Figures need every request's facts, whether or not the split does.
  let needsFacts: Bool
  /// For each loop.
  let comparisonsPerSecond: Double
  let observer: ProxyObserver
  let tls: NIOSSLContext?
  /// Wall clock minus the loops' monotonic clock, in nanoseconds, read once.
  let epoch: Int64
  /// Client connections open over all loops.
  let openConnections: NIOLockedValueBox<Int>
  let videoArms: VideoArms
  /// The process's descriptors, shared out.
  let budget: DescriptorBudget
  /// Client connections that are accepted at all.
  let clientPlaces: ConnectionPlaces
  /// Connections to arms over all loops, live ones and those of copies.
  let livePlaces: ConnectionPlaces
  let copyPlaces: ConnectionPlaces

  /// - Parameter former: whose place it takes under another playbook: what is counted over all loops goes on.
  init(
    playbook: Playbook, configuration: ProxyConfiguration, observer: ProxyObserver, tls: NIOSSLContext?, epoch: Int64,
    after former: ProxyShared? = nil
  ) {
    let ask = configuration.lookUp
    videoArms = former?.videoArms ?? VideoArms()
    openConnections = former?.openConnections ?? NIOLockedValueBox(0)
    targets = ([playbook.baseline] + playbook.candidates).enumerated().map { number, arm in
      let index = ArmIndex(rawValue: number)
      // An arm that stays as it is keeps the addresses that are known of it.
      if let same = former?.targets.first(where: { $0.index == index && $0.arm == arm }) { return same }
      return index.isBaseline
        ? ArmTarget(index: index, arm: arm, ask: ask)
        : ArmTarget(index: index, arm: arm, userAgent: configuration.userAgent, ask: ask)
    }
    translates = targets.contains(where: \.translates)
    budget = former?.budget ?? configuration.budget(playbook)
    clientPlaces = former?.clientPlaces ?? ConnectionPlaces(limit: budget.allowed.clients)
    livePlaces = former?.livePlaces ?? ConnectionPlaces(limit: budget.allowed.live)
    copyPlaces = former?.copyPlaces ?? ConnectionPlaces(limit: budget.allowed.copies)
    timeouts = playbook.traffic.timeouts
    patience = Patience(playbook.traffic.timeouts)
    clientPatience = Patience(
      connect: playbook.traffic.timeouts.connect, silence: configuration.limits.clientPatience)
    hold = playbook.traffic.safetyNet
    limits = configuration.limits
    fallback = playbook.traffic.fallback
    maxBodyBytes = playbook.traffic.maxBodyBytes
    allowsOverride = playbook.traffic.allowsOverride
    shadowInFlight = max(1, playbook.shadow.maxInFlight / configuration.threads)
    bodyFields = Self.bodyFields(of: playbook)
    guards = playbook.guards
    loops = configuration.threads
    tags = TagNames(playbook.tags, budgets: playbook.budgets)
    needsFacts = !playbook.tags.isEmpty || !playbook.baseline.prices.isEmpty
    comparisonsPerSecond = Double(playbook.compare.perSecond) / Double(configuration.threads)
    self.observer = observer
    self.tls = tls
    self.epoch = epoch
  }

  /// The baseline is given as long as this client would wait.
  func patience(_ request: InboundRequest) -> Patience {
    request.saysPatience.map { Patience(connect: timeouts.connect, silence: $0) } ?? clientPatience
  }

  private static func bodyFields(of playbook: Playbook) -> [String] {
    var fields: Set<String> = []
    for tag in playbook.tags {
      if case .body(let path) = tag.source { fields.insert(path) }
    }
    for key in playbook.traffic.sticky {
      if case .body(let path) = key { fields.insert(path) }
    }
    let matches = playbook.traffic.rules.map(\.match) + (playbook.guards?.duplicates?.match ?? [])
    for matcher in matches.joined() {
      if case .body(let path) = matcher.attribute { fields.insert(path) }
    }
    return fields.sorted()
  }
}
