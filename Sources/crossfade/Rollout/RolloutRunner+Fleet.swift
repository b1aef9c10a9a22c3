/// The fleet's side of the runner: once a second it says that it lives, and hears what the others have decided.

import AdminServer
import Foundation
import Journal
import Logging
import OperatorLog
import PlaybookYAML
import RolloutJudge
import RolloutSteering
import SidecarProxy

/// One replica's place among those that share its store.
struct FleetMembership: Sendable {
  let replica = ReplicaID(name: FleetMembership.name, run: UInt64.random(in: .min ... .max))
  var replicas: [ReplicaStanding] = []
  /// The last news, by the store's clock and by this process's.
  var heard: (at: Instant, here: Instant)?

  /// As many as the bar of the local trip reckons with.
  static let most = 256
  static let interval = Duration.seconds(1)

  /// A pod's name, as Kubernetes has it.
  private static var name: String {
    ProcessInfo.processInfo.environment["HOSTNAME"].flatMap { $0.isEmpty ? nil : $0 }
      ?? ProcessInfo.processInfo.hostName
  }

  func status(at now: Instant, following playbook: Playbook, seq: Int) -> FleetStatus {
    let ago = heard.map { now - $0.here }
    let last = max(seq, replicas.map(\.seq).max() ?? 0)
    return FleetStatus(
      replica: replica.description, isStale: ago.map { $0 >= FleetStatus.staleAfter } ?? true,
      heardAgo: ago?.milliseconds,
      replicas: replicas.filter { !$0.hasLeft }.map { other in
        FleetStatus.Replica(
          name: other.replica.name, run: String(other.replica.description.suffix(16)), version: other.version,
          lastSeen: max(0, ((heard?.at ?? other.lastSeen) - other.lastSeen + (ago ?? .zero)).milliseconds),
          requests: other.requests, lag: last - other.seq, decides: other.isDecider,
          isJoined: other.playbookSHA256 == playbook.sha256)
      })
  }
}

extension RolloutRunner {
  /// Nothing waits for it but the next one.
  func meet() async {
    guard let fleet, let shared = store as? any FleetStore else { return }
    let pulse = ReplicaPulse(
      rollout: playbook.name, replica: fleet.replica, version: Version.text, playbookSHA256: playbook.sha256,
      seq: machine.journaledSeq, requests: counters.requests, offersToDecide: machine.stranger == nil && !isDraining)
    do throws(StoreFault) {
      let news = try await access.thread.perform(within: Patience.meeting) { () throws(StoreFault) in
        try shared.meet(pulse)
      }
      await take(news)
    } catch {
      // One that was late is tried again; one that lasts is told where the store is looked after.
      if error.kind != .stalled { feed(.storeFailed(error)) }
    }
  }

  private func take(_ news: FleetNews) async {
    fleet?.replicas = news.replicas
    fleet?.heard = (news.now, clock.now)
    if !news.decisions.isEmpty { feed(.heard(news.decisions)) }
    switch (machine.role, news.lease) {
    case (.alone, _), (.follower, nil): break
    case (.decider, nil): feed(.role(.follower, from: nil))
    case (.decider, let lease?): feed(.role(.decider(lease), from: nil))
    case (.follower, let lease?): await decide(under: lease)
    }
    // Its own file may be the fleet's by now.
    if let stranger = machine.stranger, source?.read().playbook?.sha256 == stranger {
      await reload(because: "the fleet's playbook")
    }
  }

  /// From what the last decider has kept on.
  private func decide(under lease: DeciderLease) async {
    guard let store, machine.stranger == nil else { return }
    let rollout = playbook.name
    let opened = try? await access.thread.perform(within: Patience.meeting) { () throws(StoreFault) in
      try OpenedStore(store, rollout: rollout)
    }
    guard let opened, machine.role == .follower else { return }
    feed(.role(.decider(lease), from: FoundStore(opened)))
  }

  /// The others need not wait for its heartbeat to expire.
  func leave() async {
    guard let fleet, let shared = store as? any FleetStore else { return }
    let rollout = playbook.name
    do throws(StoreFault) {
      try await access.thread.perform(within: Patience.meeting) { () throws(StoreFault) in
        try shared.leave(fleet.replica, of: rollout)
      }
    } catch {
      log.logger(label: "crossfade").debug("the fleet was not told: \(error)")
    }
  }

  func fleet() async -> FleetStatus? {
    fleet?.status(at: clock.now, following: playbook, seq: machine.journaledSeq)
  }
}
