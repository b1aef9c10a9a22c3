/// How many connections of a kind may be open at once, over all threads, and who waits for one to close.

import NIOConcurrencyHelpers
import Synchronization

package final class ConnectionPlaces: Sendable {
  private struct State {
    var open = 0
    var waiting: [@Sendable () -> Void] = []
  }

  package let limit: Int
  private let state = NIOLockedValueBox(State())
  private let tight = Atomic(false)

  package init(limit: Int) { self.limit = limit }

  package var open: Int { state.withLockedValue { $0.open } }

  package var isFull: Bool { state.withLockedValue { $0.open >= limit } }

  /// Whether so few are left that none should be kept for nothing; without a lock, and thus as it was just now.
  package var isTight: Bool { tight.load(ordering: .relaxed) }

  /// - Returns: false where all places are taken.
  package func take() -> Bool {
    state.withLockedValue { state in
      guard state.open < limit else { return false }
      state.open += 1
      noteTightness(state.open)
      return true
    }
  }

  /// A place for what is open already, beyond the limit where it must be.
  ///
  /// - Parameter wake: called once, on any thread, when there is room again, where this was the last place or one too many.
  /// - Returns: whether there is room for more.
  package func takeAnyway(orWhenRoom wake: @escaping @Sendable () -> Void) -> Bool {
    state.withLockedValue { state in
      state.open += 1
      noteTightness(state.open)
      guard state.open >= limit else { return true }
      state.waiting.append(wake)
      return false
    }
  }

  package func give() {
    let woken = state.withLockedValue { state -> [@Sendable () -> Void] in
      state.open -= 1
      noteTightness(state.open)
      guard state.open < limit, !state.waiting.isEmpty else { return [] }
      defer { state.waiting = [] }
      return state.waiting
    }
    for wake in woken { wake() }
  }

  private func noteTightness(_ open: Int) {
    let isTight = open >= limit - limit / 8
    if tight.load(ordering: .relaxed) != isTight { tight.store(isTight, ordering: .relaxed) }
  }
}
