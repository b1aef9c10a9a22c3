/// Gathers differences while two answers are compared: what is ignored is left out, and what is gravest is kept.

struct DifferenceList {
  private let ignored: [PathPattern]
  private(set) var found: [Difference] = []
  private var dropped = 0

  /// More than are shown: the gravest of them are not known before the end.
  private static let roomLimit = 4 * AnswerComparison.differenceLimit
  static let excerptLimit = 200

  init(ignored: [PathPattern]) { self.ignored = ignored }

  func ignores(_ path: String) -> Bool { ignored.contains { $0.covers(path) } }

  /// - Parameters:
  ///   - baseline: what it has there, whole; it is cut to `excerptLimit` characters.
  mutating func add(
    _ path: String, _ kind: Difference.Kind, _ severity: Difference.Severity, _ baseline: String?, _ candidate: String?
  ) {
    guard !ignores(path) else { return }
    let difference = Difference(
      path: path, kind: kind, severity: severity, baseline: baseline.map(Self.excerpt),
      candidate: candidate.map(Self.excerpt))
    if found.count < Self.roomLimit {
      found.append(difference)
    } else {
      dropped += 1
      if let place = found.lastIndex(where: { $0.severity < severity }) { found[place] = difference }
    }
  }

  /// Differences that were only counted.
  mutating func count(further: Int) { dropped += further }

  var sorted: (kept: [Difference], further: Int) {
    let all = found.sorted { ($1.severity, $0.path, $0.kind.rawValue) < ($0.severity, $1.path, $1.kind.rawValue) }
    let kept = Array(all.prefix(AnswerComparison.differenceLimit))
    return (kept, all.count - kept.count + dropped)
  }

  private static func excerpt(_ text: String) -> String {
    guard text.utf8.count > excerptLimit else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(excerptLimit)))
  }
}
