/// All candidates' model maps, prepared so that one look-up says which of them serve a model.

struct ModelDirectory: Sendable {
  private let maps: [ModelMap]
  /// By candidate.
  private let withheld: [WithheldModels]
  private let isSomeWithheld: Bool
  /// Every id that stands literally in a map, resolved for all candidates, patterns included.
  private let known: ModelTable
  /// The candidates with a map that holds a pattern.
  private let withPatterns: CandidateSet

  struct Row: Sendable {
    var model: String
    var candidates: CandidateSet
    /// Candidates that would serve it, had it not been taken back from them.
    var withheld: CandidateSet
    /// The candidates' own ids, by candidate index; nil outside `candidates`.
    var models: [String?]
  }

  /// Which candidates serve a model, with their ids where these were known beforehand.
  struct Resolution {
    var candidates: CandidateSet
    /// Those that would, had it not been taken back from them.
    var withheld = CandidateSet()
    fileprivate var models: [String?]?
  }

  init(maps: [ModelMap], withheld: [WithheldModels] = []) {
    self.maps = maps
    self.withheld = withheld
    isSomeWithheld = withheld.contains { !$0.isEmpty }
    withPatterns = CandidateSet(maps.indices.filter { maps[$0].lines.contains { !$0.from.isLiteral } })
    known = ModelTable(
      maps.lazy.flatMap(\.lines).filter(\.from.isLiteral).map { line in
        let models = maps.map { $0.candidateModel(for: line.from.pattern) }
        let served = models.indices.filter { models[$0] != nil }
        let taken = served.filter { $0 < withheld.count && withheld[$0].contains(line.from.pattern) }
        return Row(
          model: line.from.pattern, candidates: CandidateSet(served.filter { !taken.contains($0) }),
          withheld: CandidateSet(taken), models: models)
      })
  }

  func resolve(_ model: String) -> Resolution {
    if let row = known.row(for: model) {
      return Resolution(candidates: row.candidates, withheld: row.withheld, models: row.models)
    }
    var (candidates, taken) = (CandidateSet(), CandidateSet())
    for index in maps.indices where withPatterns.contains(index) {
      guard maps[index].lines.contains(where: { $0.from.matches(model) }) else { continue }
      if isSomeWithheld, index < withheld.count, withheld[index].contains(model) {
        taken.insert(index)
      } else {
        candidates.insert(index)
      }
    }
    return Resolution(candidates: candidates, withheld: taken, models: nil)
  }

  /// A candidate's id for a model that was resolved.
  func candidateModel(_ index: Int, for model: String, _ resolution: Resolution) -> String? {
    if let models = resolution.models { return models[index] }
    return maps[index].candidateModel(for: model)
  }

  func names(_ variant: Substring, of model: String, for index: Int) -> Bool { maps[index].names(variant, of: model) }
}

/// Rows by model: found by the same bytes only, where `String` would take different encodings of one character for the
/// same.
private struct ModelTable: Sendable {
  private var rows: [ModelDirectory.Row] = []
  /// By the low bits of a model's hash: an index in `rows` plus 1, or 0. At most half of them are taken; a model whose
  /// slot is taken lies in the next free one.
  private var slots: [Int]

  /// - Parameter rows: of several for one model the last one counts.
  init(_ rows: [ModelDirectory.Row]) {
    var size = 4
    while size < rows.count * 2 { size *= 2 }
    slots = [Int](repeating: 0, count: size)
    for row in rows {
      let slot = slot(of: row.model)
      if slots[slot] == 0 {
        self.rows.append(row)
        slots[slot] = self.rows.count
      } else {
        self.rows[slots[slot] - 1] = row
      }
    }
  }

  func row(for model: String) -> ModelDirectory.Row? {
    let index = slots[slot(of: model)]
    return index == 0 ? nil : rows[index - 1]
  }

  /// The model's slot, or the free one that it would take.
  private func slot(of model: String) -> Int {
    let text = model.utf8
    let span = text.span
    var slot = Self.hash(span) & (slots.count - 1)
    while slots[slot] != 0, !Self.areEqual(rows[slots[slot] - 1].model, span) { slot = (slot + 1) & (slots.count - 1) }
    return slot
  }

  /// For this table only; no unit is assigned by it.
  private static func hash(_ text: Span<UInt8>) -> Int {
    var hasher = UnitHasher()
    hasher.combine(text.bytes)
    return Int(truncatingIfNeeded: hasher.finish())
  }

  private static func areEqual(_ model: String, _ text: Span<UInt8>) -> Bool {
    let bytes = model.utf8
    let span = bytes.span
    guard span.count == text.count else { return false }
    for index in 0..<span.count where span[index] != text[index] { return false }
    return true
  }
}
