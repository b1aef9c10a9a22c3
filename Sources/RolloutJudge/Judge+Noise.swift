/// How often the baseline is asked a second time, so that its own variation is known.

extension Judge {
  /// Share of copies that are repeated on the baseline: while a mismatch is suspected ten times what the playbook says, so that it is
  /// known that much sooner. What has been seen before decides it, and never the answers that it is about.
  var noise: Double {
    let isSuspected = candidateNames.indices.contains { evidence.suspects[$0] && !progress.isClosed[$0] }
    return isSuspected ? min(1, 10 * playbook.shadow.noise) : playbook.shadow.noise
  }

  /// The same with all that is known by now, for whoever asks more often than for decisions.
  package mutating func noise(at now: Instant) -> Double {
    evidence.weighPairs(at: now)
    return noise
  }

  /// Everything that a directive follows from: while it stays, so does the directive. A judge that is only read would be copied to be
  /// asked.
  package mutating func footing() -> Footing {
    Footing(seq: progress.nextSeq - 1, isJournalAvailable: isJournalAvailable, noise: noise)
  }

  package struct Footing: Sendable, Equatable {
    package var seq: Int
    var isJournalAvailable: Bool
    var noise: Double
  }

  /// Nanoseconds after a compared exchange began before which its comparison cannot be heard.
  package static var comparisonDelay: Int64 { RolloutEvidence.comparisonDelay }
}
