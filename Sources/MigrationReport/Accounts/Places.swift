/// The index of a case in its list without a search: counting happens for every attempt.

package import Dialects
package import ResponseDiff

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
