/// `80% of peak`: how busy a stage must have been, held against the busiest minute of the rollout so far.

extension ScalarKind {
  static let shareOfPeak = ScalarKind(
    noun: "a share of the peak, such as 80% of peak",
    schema: pattern("^0*(100(\\.0+)?|[0-9]{1,2}(\\.[0-9]+)?)% of peak$")
  ) { text in
    switch readShareOfPeak(text) {
    case .value(let share): share > 0 ? nil : Refusal("0% asks for nothing", say: "remove it, or say 80% of peak")
    case .refused(let message, let say): Refusal(message, say: say)
    }
  }
}

/// The words `of peak` may not be left out: a bare share says not of what.
func readShareOfPeak(_ text: String) -> UnitReading<Double> {
  let words = text.split(separator: " ")
  guard words.count == 3, words[1] == "of", words[2] == "peak" else {
    let share = words.first.flatMap { readShare(String($0)).value }
    return .refused("not a share of the peak", say: share == nil ? "say 80% of peak" : "say \(words[0]) of peak")
  }
  return readShare(String(words[0]))
}
