/// Two bodies' lines side by side: which are the same, which only one of them has.

struct BodyDiff: Equatable, Sendable {
  enum Row: Equatable, Sendable {
    case same(BodyLine)
    /// In the places of each other; nil where one has nothing there.
    case changed(baseline: BodyLine?, candidate: BodyLine?)
  }

  let rows: [Row]

  /// The fewest lines removed and inserted (Myers, "An O(ND) Difference Algorithm", 1986).
  init(_ baseline: [BodyLine], _ candidate: [BodyLine]) {
    var removed = Set<Int>()
    var inserted = Set<Int>()
    let changes = candidate.map { Key(line: $0) }.difference(from: baseline.map { Key(line: $0) })
    for change in changes {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var rows: [Row] = []
    var (left, right) = (0, 0)
    while left < baseline.count || right < candidate.count {
      let gone = baseline[left...].indices.prefix { removed.contains($0) }
      let new = candidate[right...].indices.prefix { inserted.contains($0) }
      for place in 0..<max(gone.count, new.count) {
        rows.append(
          .changed(
            baseline: place < gone.count ? baseline[left + place] : nil,
            candidate: place < new.count ? candidate[right + place] : nil))
      }
      left += gone.count
      right += new.count
      guard left < baseline.count, right < candidate.count else { continue }
      rows.append(.same(baseline[left]))
      left += 1
      right += 1
    }
    self.rows = rows
  }

  private struct Key: Hashable {
    var text: String
    var indent: Int

    init(line: BodyLine) {
      text = line.text
      indent = line.indent
    }
  }

  var hasChanges: Bool { rows.contains { if case .changed = $0 { true } else { false } } }

  /// Changes with so many equal lines around them, and how many lines are left out before each piece: none or several.
  func pieces(context: Int) -> [(skipped: Int, rows: ArraySlice<Row>)] {
    var ranges: [Range<Int>] = []
    for (index, row) in rows.enumerated() {
      guard case .changed = row else { continue }
      let start = index - context <= 1 ? 0 : index - context
      let range = start..<min(rows.count, index + context + 1)
      if let last = ranges.last, last.upperBound + 1 >= range.lowerBound {
        ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
      } else {
        ranges.append(range)
      }
    }
    var end = 0
    return ranges.map { range in
      defer { end = range.upperBound }
      return (range.lowerBound - end, rows[range])
    }
  }
}
