/// How many connections of a kind may be open at once, over all threads, and who waits for one to close.

import NIOConcurrencyHelpers
import NIOCore
import Synchronization

package final class ConnectionPlaces: Sendable {
  private struct State {
    var open = 0
    /// Told that there is room; take nothing.
    var watching: [@Sendable () -> Void] = []
    /// Given the next places, in this order.
    var waiting = CircularBuffer<@Sendable () -> Void>()
  }

  package let limit: Int
  private let state = NIOLockedValueBox(State())
  private let tight = Atomic(false)

  package init(limit: Int) { self.limit = limit }

  package var open: Int { state.withLockedValue { $0.open } }

  package var isFull: Bool { state.withLockedValue { $0.open >= limit } }

  /// Whether so few are left that none should be kept for nothing; without a lock, and thus as it was just now.
  package var isTight: Bool { tight.load(ordering: .relaxed) }

  /// - Parameter given: called once, on any thread, when the place is there, where it is not there at once.
  /// - Returns: whether it is. Given now or later, it is to be given back.
  package func take(orWait given: @escaping @Sendable () -> Void) -> Bool {
    state.withLockedValue { state in
      guard state.open < limit else {
        state.waiting.append(given)
        return false
      }
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
      state.watching.append(wake)
      return false
    }
  }

  package func give() {
    let told = state.withLockedValue { state -> [@Sendable () -> Void] in
      if state.open <= limit, let next = state.waiting.popFirst() { return [next] }
      state.open -= 1
      noteTightness(state.open)
      guard state.open < limit else { return [] }
      defer { state.watching = [] }
      return state.watching
    }
    for tell in told { tell() }
  }

  private func noteTightness(_ open: Int) {
    let isTight = open >= limit - limit / 8
    if tight.load(ordering: .relaxed) != isTight { tight.store(isTight, ordering: .relaxed) }
  }
}
