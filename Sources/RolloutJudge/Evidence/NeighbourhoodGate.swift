/// Whether the baseline itself was within bounds when an attempt began: two limits are exceeded only if they are at the same time.

/// A line with `above` and `ratio_above` is about a candidate that is beyond p0 *while* it is worse than r0 times the baseline. The
/// absolute test of such a line counts only attempts in whose neighbourhood the baseline's own bad share is at most p0/r0: there
/// "no worse than allowed" means at most p0, whatever the weather elsewhere. What counts depends on the baseline's outcomes alone,
/// and given these the candidate's are still at most p0.
///
/// Exchanges are taken in blocks of 25. A block is open while the baseline is within bounds in the block with one, three
/// and twelve on either side (± 300 exchanges), each up to two standard deviations; it opens and closes as more becomes known.
struct NeighbourhoodGate: Sendable {
  static let length = 25
  private static let reaches = [1, 3, 12]
  /// Beyond it an attempt is forgotten, which is to the candidate's advantage.
  private static let kept = 1024

  struct Block: Sendable {
    /// Index of its first record.
    var first: Int
    /// The ordinal of the candidate's first attempt in it or after it.
    var ordinal: Int
    var exchanges = 0
    var baseline = 0
    var baselineBad = 0
    var candidate = 0
    var candidateBad = 0
    var isOpen = true
  }

  /// Attempts of the candidate that count from now on (or no longer, where negative).
  struct Change: Sendable, Equatable {
    var ordinal: Int
    var n: Int
    var bad: Int
  }

  private let allowed: Double
  private var blocks: [Block] = []

  /// - Parameter allowed: p0/r0.
  init(allowed: Double) { self.allowed = allowed }

  /// An exchange began.
  ///
  /// - Parameters:
  ///   - index: Its record's, rising.
  ///   - ordinal: Of the candidate's next attempt.
  ///   - cuts: Whether a block has to begin with it.
  /// - Returns: What changed for attempts before it, and whether one of the candidate's counts for now.
  mutating func began(_ index: Int, ordinal: Int, isCandidate: Bool, cuts: Bool) -> (changes: [Change], counts: Bool) {
    var changes: [Change] = []
    if blocks.isEmpty || cuts || blocks[blocks.count - 1].exchanges >= Self.length {
      changes = reviewed(around: blocks.count - 1)
      if blocks.count > Self.kept { blocks.removeFirst(Self.kept / 4) }
      blocks.append(Block(first: index, ordinal: ordinal))
      blocks[blocks.count - 1].isOpen = isWithin(blocks.count - 1)
    }
    let last = blocks.count - 1
    blocks[last].exchanges += 1
    if isCandidate { blocks[last].candidate += 1 } else { blocks[last].baseline += 1 }
    return (changes, blocks[last].isOpen)
  }

  /// - Returns: Whether it counts for now.
  mutating func candidateTurnedBad(_ index: Int) -> Bool {
    guard let block = block(of: index) else { return false }
    blocks[block].candidateBad += 1
    return blocks[block].isOpen
  }

  /// - Returns: Whether it had counted.
  mutating func candidateExcluded(_ index: Int) -> Bool {
    guard let block = block(of: index) else { return false }
    blocks[block].candidate -= 1
    return blocks[block].isOpen
  }

  mutating func baselineTurnedBad(_ index: Int) -> [Change] {
    guard let block = block(of: index) else { return [] }
    blocks[block].baselineBad += 1
    return reviewed(around: block)
  }

  mutating func baselineExcluded(_ index: Int) {
    if let block = block(of: index) { blocks[block].baseline -= 1 }
  }

  /// The baseline answered, or failed, in a canary's place: that too shows how it is.
  mutating func rescued(_ index: Int, isBad: Bool) -> [Change] {
    guard let block = block(of: index) else { return [] }
    blocks[block].baseline += 1
    if isBad { blocks[block].baselineBad += 1 }
    return isBad ? reviewed(around: block) : []
  }

  private func block(of index: Int) -> Int? {
    guard let first = blocks.first, index >= first.first else { return nil }
    var (low, high) = (0, blocks.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if blocks[middle].first <= index { low = middle } else { high = middle }
    }
    return low
  }

  private mutating func reviewed(around block: Int) -> [Change] {
    let reach = Self.reaches[Self.reaches.count - 1]
    let places = max(0, block - reach)..<max(0, min(blocks.count, block + reach + 1))
    var changes: [Change] = []
    var windows = Windows(blocks, around: places.lowerBound)
    for place in places {
      let isOpen = windows.isWithin(blocks, place, allowed)
      guard isOpen != blocks[place].isOpen else { continue }
      blocks[place].isOpen = isOpen
      guard blocks[place].candidate > 0 else { continue }
      let sign = isOpen ? 1 : -1
      changes.append(
        Change(
          ordinal: blocks[place].ordinal, n: sign * blocks[place].candidate, bad: sign * blocks[place].candidateBad))
    }
    return changes
  }

  private func isWithin(_ place: Int) -> Bool {
    var windows = Windows(blocks, around: place)
    return windows.isWithin(blocks, place, allowed)
  }

  /// What the baseline did around one block after the other, by reach: each next one costs what enters and what leaves.
  private struct Windows {
    private var sums: (Sum, Sum, Sum)

    private struct Sum {
      let reach: Int
      var n = 0
      var bad = 0
      /// The first block beyond it.
      var end: Int

      /// Up to and with one block less than the first that is asked about.
      init(_ blocks: [Block], reach: Int, around place: Int) {
        self.reach = reach
        end = max(0, place - 1 - reach)
        while end < min(blocks.count, place + reach) { take(blocks) }
      }

      private mutating func take(_ blocks: [Block]) {
        n += blocks[end].baseline
        bad += blocks[end].baselineBad
        end += 1
      }

      mutating func isWithin(_ blocks: [Block], _ place: Int, _ allowed: Double) -> Bool {
        if end < min(blocks.count, place + reach + 1) { take(blocks) }
        let left = place - reach - 1
        if left >= 0 {
          n -= blocks[left].baseline
          bad -= blocks[left].baselineBad
        }
        let expected = Double(n) * allowed
        return Double(bad) <= expected || Double(bad) <= expected + 2 * expected.squareRoot()
      }
    }

    init(_ blocks: [Block], around place: Int) {
      sums = (
        Sum(blocks, reach: NeighbourhoodGate.reaches[0], around: place),
        Sum(blocks, reach: NeighbourhoodGate.reaches[1], around: place),
        Sum(blocks, reach: NeighbourhoodGate.reaches[2], around: place)
      )
    }

    /// Asked about blocks in order, each once.
    mutating func isWithin(_ blocks: [Block], _ place: Int, _ allowed: Double) -> Bool {
      let near = sums.0.isWithin(blocks, place, allowed)
      let further = sums.1.isWithin(blocks, place, allowed)
      return sums.2.isWithin(blocks, place, allowed) && near && further
    }
  }
}

extension NeighbourhoodGate {
  /// The blocks that may still open or close, as plain numbers; records are counted from the next one.
  typealias Saved = [[Int]]

  func saved(next index: Int) -> Saved {
    blocks.suffix(2 * Self.reaches[Self.reaches.count - 1] + 1).map {
      [
        $0.first - index, $0.ordinal, $0.exchanges, $0.baseline, $0.baselineBad, $0.candidate, $0.candidateBad,
        $0.isOpen ? 1 : 0,
      ]
    }
  }

  mutating func restore(_ saved: Saved) {
    blocks = saved.filter { $0.count == 8 }.map {
      Block(
        first: $0[0], ordinal: $0[1], exchanges: $0[2], baseline: $0[3], baselineBad: $0[4], candidate: $0[5],
        candidateBad: $0[6], isOpen: $0[7] == 1)
    }
  }
}
