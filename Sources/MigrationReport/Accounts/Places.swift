/// The index of a case in its list without a search: counting happens for every attempt.

package import Dialects
package import ResponseDiff

extension Outcome {
  var place: Int {
    switch self {
    case .ok: 0
    case .clientGone: 1
    case .rejected: 2
    case .unauthorized: 3
    case .unpaid: 4
    case .rateLimited: 5
    case .failed: 6
    case .timeout: 7
    case .errorInBody: 8
    case .incomplete: 9
    case .empty: 10
    }
  }
}

extension FinishKind {
  var place: Int {
    switch self {
    case .stop: 0
    case .toolCalls: 1
    case .length: 2
    case .contentFilter: 3
    case .error: 4
    case .other: 5
    }
  }
}

extension NamedCounts<Outcome> {
  package func count(_ outcome: Outcome) -> Int { count(at: outcome.place) }
}

extension NamedCounts<FinishKind> {
  package func count(_ finish: FinishKind) -> Int { count(at: finish.place) }
}

extension NamedCounts<Difference.Kind> {
  mutating func add(_ kinds: Set<Difference.Kind>) {
    for (place, kind) in Difference.Kind.allCases.enumerated() where kinds.contains(kind) { add(at: place) }
  }

  package func count(_ kind: Difference.Kind) -> Int { named[kind.rawValue] ?? 0 }
}
