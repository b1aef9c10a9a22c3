/// An event loop's place in the proxy: its state under the playbook in force, and those before until nothing is left of them.

import NIOCore

/// Touched on its loop only.
final class LoopSeat {
  private(set) var current: LoopState
  private var retiring: [LoopState] = []

  init(_ first: LoopState) { current = first }

  /// The current one and those whose exchanges are not over.
  var all: [LoopState] { retiring + [current] }

  var openExchanges: Int { all.reduce(0) { $0 + $1.openExchanges } }

  /// Requests that begin from now on are the next one's; what is open finishes where it began.
  func replace(by next: LoopState) {
    for state in retiring where state.isDone { state.dissolve() }
    retiring.removeAll { $0.isDone }
    retiring.append(current)
    let former = current
    current = next
    former.retire(to: next)
  }
}
