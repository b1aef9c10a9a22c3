/// How long each phase of a request takes at an arm: medians over a few of them.

package struct PhaseTimes: Sendable, Equatable {
  package enum Phase: String, Sendable, CaseIterable {
    case dns, connect, tls
    /// The time from the request's last byte to the answer's first.
    case firstByte = "first_byte"
    /// The time from the request's last byte to the first content.
    case firstToken = "first_token"
    /// The time from looking up the name to the answer's last byte.
    case total
  }

  package var medians: [Phase: Duration]
  /// Requests that they are of.
  package var samples: Int

  package init(medians: [Phase: Duration], samples: Int) {
    self.medians = medians
    self.samples = samples
  }

  /// Nil where none was made. What did not happen in any of them (a handshake, a token) has no median.
  init?(_ transfers: [Transfer]) {
    guard !transfers.isEmpty else { return nil }
    var times: [Phase: [Duration]] = [:]
    for transfer in transfers {
      for (phase, time) in transfer.times.phases(opened: transfer.openedConnections > 0) {
        times[phase, default: []].append(time)
      }
    }
    self.init(medians: times.mapValues(Self.median), samples: transfers.count)
  }

  package subscript(_ phase: Phase) -> Duration? { medians[phase] }

  /// The time that each phase takes longer here than there; phases that either lacks are left out.
  package func tax(over baseline: PhaseTimes) -> [Phase: Duration] {
    medians.reduce(into: [:]) { tax, entry in
      if let other = baseline.medians[entry.key] { tax[entry.key] = entry.value - other }
    }
  }

  /// The median; of an even number, the value between the middle two.
  static func median(_ times: [Duration]) -> Duration {
    let sorted = times.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}

extension TransferTimes {
  /// - Parameter opened: whether a connection was made for it.
  func phases(opened: Bool) -> [PhaseTimes.Phase: Duration] {
    var phases: [PhaseTimes.Phase: Duration] = [.firstByte: firstByte - ready, .total: total]
    if let firstToken { phases[.firstToken] = firstToken - ready }
    guard opened else { return phases }
    phases[.dns] = nameLookup
    phases[.connect] = connect - nameLookup
    if handshake > .zero { phases[.tls] = handshake - connect }
    return phases
  }
}
