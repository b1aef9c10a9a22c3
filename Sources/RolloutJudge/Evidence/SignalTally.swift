/// Plain counts beside the tests, for messages and the journal: what people read next to an e-value.

/// Of one candidate, one population and one signal; the baseline's part holds only exchanges that could have gone either way.
struct SignalTally: Sendable, Equatable, Codable {
  var candidate = 0
  var candidateBad = 0
  var baseline = 0
  var baselineBad = 0

  static func - (a: SignalTally, b: SignalTally) -> SignalTally {
    SignalTally(
      candidate: a.candidate - b.candidate, candidateBad: a.candidateBad - b.candidateBad,
      baseline: a.baseline - b.baseline, baselineBad: a.baselineBad - b.baselineBad)
  }

  enum CodingKeys: String, CodingKey {
    case candidate = "c"
    case candidateBad = "cb"
    case baseline = "b"
    case baselineBad = "bb"
  }
}

extension SignalTally {
  /// Adds what a record says to counts of what has been weighed.
  mutating func add(_ record: AttemptRecord, _ isCandidate: Bool, _ population: Population, _ signal: SignalSet) {
    if isCandidate {
      candidate += record.marks.counts(signal)
      candidateBad += record.marks.bad & signal == 0 ? 0 : 1
    }
    if population == .live && isCandidate { return }
    let marks = population == .shadow ? record.original : record.marks
    baseline += marks.counts(signal)
    baselineBad += marks.bad & signal == 0 || (population == .shadow && marks.hidden & signal != 0) ? 0 : 1
  }
}

extension AttemptRecord.Marks {
  fileprivate func counts(_ signal: SignalSet) -> Int { counted & signal != 0 && excluded & signal == 0 ? 1 : 0 }
}
