/// A failure of the store, as far as steering cares: the operator's words for it, and whether it passes by itself.

package import RolloutJudge

package struct StoreFault: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Kind: Sendable, Equatable {
    /// It has not answered in time; whether it did what it was asked is not known.
    case stalled
    /// Its content is not what was written: only a person can go on from it.
    case damaged(String)
    /// The operator named what cannot be this rollout's store; serving on would hide it.
    case misnamed
    case other
  }

  package var kind: Kind
  /// In full, for the log and for whoever is refused because of it.
  package var words: String

  package init(_ kind: Kind, _ words: String) {
    self.kind = kind
    self.words = words
  }

  package var description: String { words }

  var isDamage: Bool { if case .damaged = kind { true } else { false } }
}

/// A store that decisions cannot be journaled in at present.
package struct Outage: Sendable, Equatable {
  package var since: Instant
  package var words: String
}

/// Where a decision is that took effect before it was journaled.
package enum Keeping: Sendable, Equatable {
  /// The journal has taken it after all.
  case journaled(head: String?)
  /// Room beside the store has: the next start knows of it.
  case beside(String)
  case nowhere(String)
}
