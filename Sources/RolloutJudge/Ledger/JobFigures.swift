/// What making a picture or a video took, where the vendor does it by a job: beyond what every attempt has.

package struct JobFigures: Sendable, Equatable {
  /// What became of it, as far as is known when its attempt ends.
  package enum Fate: Sendable, Equatable {
    /// The vendor has named none: it refused it, or nobody knows.
    case absent
    case succeeded, failed
    /// Its client had left, or its time was over.
    case calledOff
    /// It goes on: a video, which its application asks after.
    case open
  }

  package var fate = Fate.absent
  /// Nanoseconds from its creation to the last of its files; nil where there is none.
  package var timeToResult: Int64?
  /// Questions after its state.
  package var polls = 0
  /// Seconds that the vendor's machines took, by its own count.
  package var seconds: Double?
  /// Units that the vendor bills, of whatever it counts.
  package var units: Double?
  /// Credits that it reserved.
  package var credits: Double?
  /// USD that it says.
  package var dollars: Double?
  /// Nanoseconds from a video's creation to its end, which its application does not wait for.
  package var waited: Int64 = 0
  /// Pictures or videos made.
  package var assets = 0
  /// USD by what it counts and the playbook's price of one; nil where either is not known.
  package var cost: Double?
  /// USD that it can have cost at most.
  package var bound = 0.0
  /// USD that a copy's budget was charged with when it began.
  package var reserved = 0.0
  /// It was asked for and nobody knows whether it was made: it may be on the bill.
  package var isPossiblyBilled = false

  package init() {}
}

/// Kept aside: few attempts are jobs, and all of them are copied.
package final class JobNote: Sendable {
  package let figures: JobFigures

  package init(_ figures: JobFigures) { self.figures = figures }
}
