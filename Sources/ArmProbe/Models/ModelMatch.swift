/// Holds the ids that a playbook maps to against the ids that an arm lists.

import TrafficSplit

struct ModelMatch {
  let list: ModelList
  private let known: Set<String>
  /// Entries that are patterns themselves, as LiteLLM lists `deepseek/*`.
  private let patterns: [Glob]

  init(_ list: ModelList) {
    self.list = list
    known = Set(list.ids)
    patterns = list.ids.filter { $0.contains("*") }.map { Glob($0) }
  }

  func state(of model: String) -> ModelFinding.State {
    let matches = model.contains("*") ? matchCount(Glob(model), model) : holds(model) ? 1 : 0
    if matches > 0 { return .listed(matches: matches) }
    return list.isComplete ? .missing(nearest: nearest(to: model)) : .unknown
  }

  private func matchCount(_ glob: Glob, _ model: String) -> Int {
    known.count { glob.matches($0) }
  }

  private func holds(_ model: String) -> Bool {
    if known.contains(model) || patterns.contains(where: { $0.matches(model) }) { return true }
    return Self.withoutRoute(model).map(known.contains) == true || isAlias(model)
  }

  /// OpenRouter's suffixes choose a route, not a model, and are in no list.
  private static func withoutRoute(_ model: String) -> String? {
    guard let colon = model.lastIndex(of: ":") else { return nil }
    let routes = ["nitro", "floor", "online", "exacto", "extended", "thinking"]
    return routes.contains(String(model[model.index(after: colon)...])) ? String(model[..<colon]) : nil
  }

  /// `claude-opus-4-1` stands for a listed `claude-opus-4-1-20250805`.
  private func isAlias(_ model: String) -> Bool {
    list.ids.contains { id in
      guard id.hasPrefix(model + "-") else { return false }
      let date = id.dropFirst(model.count + 1)
      return date.count == 8 && date.allSatisfy { $0.isASCII && $0.isNumber }
    }
  }

  // MARK: did you mean

  /// The listed id that shares most words with this one, of these the one at the least edit distance; nil where none
  /// shares a word and none is within a third of its length.
  func nearest(to model: String) -> String? {
    let words = Self.words(model)
    var best: (id: String, shared: Int, distance: Int)?
    for id in list.ids {
      let shared = words.intersection(Self.words(id)).count
      if let best, shared < best.shared { continue }
      let distance = Self.distance(model, id)
      guard shared > 0 || distance * 3 <= model.count else { continue }
      if let best, (best.shared, -best.distance) >= (shared, -distance) { continue }
      best = (id, shared, distance)
    }
    return best?.id
  }

  /// Runs of letters and of digits, as in `claude-opus-4.7`: claude, opus, 4, 7. Single digits say too little.
  private static func words(_ id: String) -> Set<String> {
    Set(
      id.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        .filter { $0.count > 1 || $0.first?.isLetter == true })
  }

  /// Levenshtein's distance of the first 64 characters.
  static func distance(_ left: String, _ right: String) -> Int {
    let (a, b) = (Array(left.lowercased().utf8.prefix(64)), Array(right.lowercased().utf8.prefix(64)))
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let kept = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(kept, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }
}
