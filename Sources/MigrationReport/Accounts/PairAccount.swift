/// What came of holding a candidate's answers against the baseline's, beside what the baseline differs from itself.

package import ResponseDiff

package struct PairAccount: Sendable, Codable {
  /// Comparable pairs.
  package private(set) var pairs = 0
  /// Pairs of which one answer could not be read: held against nobody.
  package private(set) var incomparable = 0
  package private(set) var mismatches = 0
  /// Comparable pairs of the baseline with itself.
  package private(set) var noisePairs = 0
  package private(set) var noiseMismatches = 0
  /// Exchanges with both comparisons in which only the candidate, or only the baseline's second answer, is a mismatch.
  package private(set) var onlyCandidate = 0
  package private(set) var onlyNoise = 0
  package private(set) var similarity = SimilarityHistogram()
  package private(set) var noiseSimilarity = SimilarityHistogram()
  /// Pairs with at least one difference of a kind; those with a breaking one apart.
  package private(set) var kinds = NamedCounts<Difference.Kind>()
  package private(set) var breaking = NamedCounts<Difference.Kind>()
  package private(set) var noiseKinds = NamedCounts<Difference.Kind>()
  /// Pairs in which the candidate's answer lacks a field that the baseline's has, by its path.
  package private(set) var fieldsLost: [String: Int] = [:]
  package private(set) var fieldsAdded: [String: Int] = [:]
  /// Fields beyond `fieldLimit`.
  package private(set) var fieldsUncounted = 0
  /// The tool calls of answers whose calls were counted.
  package private(set) var toolCalls = 0
  package private(set) var toolCallsInvalid = 0

  package static let fieldLimit = 256

  package init() {}

  mutating func record(_ pair: CountedPair) {
    let (comparison, noise) = (pair.comparison, pair.noise)
    if let noise, noise.isComparable {
      noisePairs += 1
      if noise.isMismatch { noiseMismatches += 1 }
      if let value = noise.similarity { noiseSimilarity.record(value) }
      noiseKinds.add(Set(noise.differences.map(\.kind)))
    }
    guard comparison.isComparable else {
      incomparable += 1
      return
    }
    pairs += 1
    if comparison.isMismatch { mismatches += 1 }
    if let noise, noise.isComparable, comparison.isMismatch != noise.isMismatch {
      if comparison.isMismatch { onlyCandidate += 1 } else { onlyNoise += 1 }
    }
    if let value = comparison.similarity { similarity.record(value) }
    kinds.add(Set(comparison.differences.map(\.kind)))
    breaking.add(Set(comparison.differences.filter { $0.severity == .breaking }.map(\.kind)))
    count(fieldsOf: comparison)
    guard let calls = pair.toolCalls else { return }
    toolCalls += calls
    toolCallsInvalid += min(calls, comparison.differences.count { $0.kind == .toolArgumentsInvalid })
  }

  private mutating func count(fieldsOf comparison: AnswerComparison) {
    for path in Set(comparison.differences.filter { $0.kind == .fieldMissing }.map { Self.plain($0.path) }) {
      if Self.count(path, in: &fieldsLost) { continue }
      fieldsUncounted += 1
    }
    for path in Set(comparison.differences.filter { $0.kind == .fieldAdded }.map { Self.plain($0.path) }) {
      if Self.count(path, in: &fieldsAdded) { continue }
      fieldsUncounted += 1
    }
  }

  private static func count(_ path: String, in fields: inout [String: Int], by number: Int = 1) -> Bool {
    guard fields[path] != nil || fields.count < fieldLimit else { return false }
    fields[path, default: 0] += number
    return true
  }

  /// Without its indices, and short: `choices.message.content`.
  private static func plain(_ path: String) -> String {
    var plain = ""
    var isIndex = false
    for character in path.prefix(200) {
      if character == "[" { isIndex = true }
      if !isIndex { plain.append(character) }
      if character == "]" { isIndex = false }
    }
    return plain
  }

  mutating func add(_ other: PairAccount) {
    pairs += other.pairs
    incomparable += other.incomparable
    mismatches += other.mismatches
    noisePairs += other.noisePairs
    noiseMismatches += other.noiseMismatches
    onlyCandidate += other.onlyCandidate
    onlyNoise += other.onlyNoise
    similarity.add(other.similarity)
    noiseSimilarity.add(other.noiseSimilarity)
    kinds.add(other.kinds)
    breaking.add(other.breaking)
    noiseKinds.add(other.noiseKinds)
    for (path, count) in other.fieldsLost where !Self.count(path, in: &fieldsLost, by: count) {
      fieldsUncounted += count
    }
    for (path, count) in other.fieldsAdded where !Self.count(path, in: &fieldsAdded, by: count) {
      fieldsUncounted += count
    }
    fieldsUncounted += other.fieldsUncounted
    toolCalls += other.toolCalls
    toolCallsInvalid += other.toolCallsInvalid
  }

  // MARK: figures

  package var mismatchRate: Double? { pairs > 0 ? Double(mismatches) / Double(pairs) : nil }

  package var noiseRate: Double? { noisePairs > 0 ? Double(noiseMismatches) / Double(noisePairs) : nil }

  /// K14: share of tool calls whose arguments parse and satisfy the declared schema.
  package var toolCallValidity: Double? {
    toolCalls > 0 ? 1 - Double(toolCallsInvalid) / Double(toolCalls) : nil
  }

  /// K15, plain.
  package var agreement: Double? { mismatchRate.map { 1 - $0 } }

  /// K15 over what the baseline agrees with itself; nil without a noise sample.
  package var adjustedAgreement: Double? {
    guard let agreement, let noiseRate, noiseRate < 1 else { return nil }
    return agreement / (1 - noiseRate)
  }
}
