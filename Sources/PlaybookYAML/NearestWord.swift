/// "Did you mean": the valid word nearest to what was written.

/// The candidate at the least edit distance, where that is small enough to be a slip: at most a third of the word, at
/// least one and at most three edits. Ties go to the earlier one.
package func nearestWord(to word: String, among candidates: [String]) -> String? {
  let limit = max(1, min(3, word.count / 3))
  var best: (word: String, distance: Int)?
  for candidate in candidates {
    let distance = editDistance(word.lowercased(), candidate.lowercased())
    if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.word
}

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). Words are cut to 64
/// characters.
func editDistance(_ left: String, _ right: String) -> Int {
  let a = Array(left.prefix(64))
  let b = Array(right.prefix(64))
  if a.isEmpty || b.isEmpty { return a.count + b.count }
  var previous = [Int](repeating: 0, count: b.count + 1)
  var row = Array(0...b.count)
  for i in 1...a.count {
    var next = [Int](repeating: i, count: b.count + 1)
    for j in 1...b.count {
      next[j] = min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { next[j] = min(next[j], previous[j - 2] + 1) }
    }
    previous = row
    row = next
  }
  return row[b.count]
}

/// `a`, `a or b`, `a, b or c`.
func orList(_ words: [String]) -> String { joined(words, "or") }

/// `a`, `a and b`, `a, b and c`.
func andList(_ words: [String]) -> String { joined(words, "and") }

private func joined(_ words: [String], _ conjunction: String) -> String {
  guard words.count > 1 else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " \(conjunction) " + words[words.count - 1]
}
