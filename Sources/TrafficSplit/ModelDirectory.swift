/// All candidates' model maps, prepared so that one look-up says which of them serve a model.

struct ModelDirectory: Sendable {
  private let maps: [ModelMap]
  /// Every id that stands literally in a map, resolved for all candidates, patterns included.
  private var known: [ExactText: Row] = [:]
  /// The candidates with a map that holds a pattern.
  private let withPatterns: CandidateSet

  struct Row: Sendable {
    var candidates: CandidateSet
    /// By candidate index; nil outside `candidates`.
    var models: [String?]
  }

  /// Which candidates serve a model, with their ids where these were known beforehand.
  struct Resolution {
    var candidates: CandidateSet
    fileprivate var models: [String?]?
  }

  init(maps: [ModelMap]) {
    self.maps = maps
    withPatterns = CandidateSet(maps.indices.filter { maps[$0].lines.contains { !$0.from.isLiteral } })
    for line in maps.lazy.flatMap(\.lines) where line.from.isLiteral {
      let models = maps.map { $0.candidateModel(for: line.from.pattern) }
      let candidates = CandidateSet(models.indices.filter { models[$0] != nil })
      known[ExactText(line.from.pattern)] = Row(candidates: candidates, models: models)
    }
  }

  func resolve(_ model: String) -> Resolution {
    if let row = known[ExactText(model)] { return Resolution(candidates: row.candidates, models: row.models) }
    var candidates = CandidateSet()
    for index in maps.indices where withPatterns.contains(index) {
      if maps[index].lines.contains(where: { $0.from.matches(model) }) { candidates.insert(index) }
    }
    return Resolution(candidates: candidates, models: nil)
  }

  /// A candidate's id for a model that was resolved.
  func candidateModel(_ index: Int, for model: String, _ resolution: Resolution) -> String? {
    if let models = resolution.models { return models[index] }
    return maps[index].candidateModel(for: model)
  }
}

/// Text that equals only the same bytes; `String` would take different encodings of one character for the same.
private struct ExactText: Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (a: ExactText, b: ExactText) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  func hash(into hasher: inout Hasher) {
    // For a dictionary of this process only; no unit is assigned by it.
    var exact = UnitHasher()
    exact.combine(text)
    hasher.combine(exact.finish())
  }
}
