/// Where an arm is: its address, or its name's addresses, looked up for this arm alone and shared by all its pools. Nothing
/// here is shared between arms, so that a name that hangs holds up nobody else.

import Listening
import NIOConcurrencyHelpers
import NIOCore
import RolloutJudge

final class ArmAddresses: Sendable {
  typealias Ask =
    @Sendable (_ host: String, _ port: Int, _ done: @escaping @Sendable (NameLookup.Answer) -> Void) -> Void

  enum Found {
    case addresses([SocketAddress])
    case failed(String)
    case shortage(Shortage)
  }

  fileprivate struct State: Sendable {
    var book = AddressBook<SocketAddress>()
    /// Why the last look-up could not be made.
    var shortage: Shortage?
    var waiting: [@Sendable (Found) -> Void] = []
  }

  private let host: String
  private let port: Int
  /// The URL names an address: there is nothing to look up.
  private let literal: SocketAddress?
  private let state = NIOLockedValueBox(State())
  let ask: Ask

  init(_ url: ArmURL, ask: @escaping Ask = NameLookup.start) {
    host = url.host
    port = url.port
    literal = try? SocketAddress(ipAddress: url.host, port: url.port)
    self.ask = ask
  }

  var isLiteral: Bool { literal != nil }

  /// - Parameters:
  ///   - now: of the monotonic clock, in nanoseconds.
  ///   - later: called once, on any thread, where nil was returned.
  /// - Returns: nil where a look-up must end first.
  func find(at now: Int64, later: @escaping @Sendable (Found) -> Void) -> Found? {
    if let literal { return .addresses([literal]) }
    let (found, asks) = state.withLockedValue { state -> (Found?, Bool) in
      let answer = state.book.wanted(at: now)
      switch answer.entry {
      case .addresses(let addresses): return (.addresses(addresses), answer.asks)
      case .unknown(let reason): return (state.shortage.map(Found.shortage) ?? .failed(reason), answer.asks)
      case .wait:
        state.waiting.append(later)
        return (nil, answer.asks)
      }
    }
    if asks { lookUp() }
    return found
  }

  /// While connections are open their addresses are looked up again from time to time.
  ///
  /// - Returns: moves when `isCurrent` may say otherwise than before.
  func refresh(at now: Int64) -> Int {
    guard literal == nil else { return 0 }
    let (generation, asks) = state.withLockedValue { ($0.book.generation, $0.book.refresh(at: now)) }
    if asks { lookUp() }
    return generation
  }

  func isCurrent(_ address: SocketAddress) -> Bool {
    literal != nil || state.withLockedValue { $0.book.isCurrent(address) }
  }

  func reached(_ address: SocketAddress) {
    guard literal == nil else { return }
    state.withLockedValue { $0.book.reached(address) }
  }

  func unreachable(_ address: SocketAddress, at now: Int64) {
    guard literal == nil else { return }
    state.withLockedValue { $0.book.unreachable(address, at: now) }
  }

  private func lookUp() {
    ask(host, port) { answer in
      let now = Int64(bitPattern: NIODeadline.now().uptimeNanoseconds)
      let (found, waiting) = self.state.withLockedValue { state in
        defer { state.waiting = [] }
        return (state.note(answer, at: now), state.waiting)
      }
      for waiter in waiting { waiter(found) }
    }
  }
}

extension ArmAddresses.State {
  fileprivate mutating func note(_ answer: NameLookup.Answer, at now: Int64) -> ArmAddresses.Found {
    shortage = nil
    switch answer {
    case .success(let addresses): book.found(addresses, at: now)
    case .failure(.failed(let reason)): book.failed(reason, at: now)
    case .failure(.shortage(let shortage)):
      self.shortage = shortage
      book.failed("DNS: out of \(shortage.rawValue)", at: now)
    }
    if !book.addresses.isEmpty { return .addresses(book.addresses) }
    return shortage.map(ArmAddresses.Found.shortage) ?? .failed(book.reason ?? "no address")
  }
}
