/// The sockets behind a `PoolMachine`: has them connected, keeps idle ones, notices when an arm goes down, comes back or moves.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import Listening
import NIOCore
import NIOPosix
import NIOSSL
import RolloutJudge

/// One per loop, arm and population.
final class UpstreamPool {
  enum Lease {
    case connected(UpstreamConnection)
    /// The call will be attached, or told that connecting failed.
    case connecting
    case refused
  }

  let target: ArmTarget
  /// Lets go of the pool when nothing is left to do under its playbook.
  private let loop: LoopState
  private var machine: PoolMachine<UpstreamConnection>
  private let tls: NIOSSLContext?
  private let places: ConnectionPlaces
  /// The generation of the name's addresses that this pool has last heard of.
  private var generation = 0
  /// Connects in a row that failed; at `downAfter` the arm is called down, at the next success up again.
  private var failures = 0
  /// Another playbook's pool has taken its place.
  private var isRetired = false
  private static let downAfter = 3
  /// Nanoseconds.
  private static let surelyOpen: Int64 = 5_000_000
  var replayAllowance = ReplayAllowance()
  /// The shortest time, in nanoseconds, after which the arm has closed an idle connection.
  private(set) var keptFor = Int64.max
  private static let copyReceiveBuffer: ChannelOptions.Types.SocketOption.Value = 128 << 10

  let isForCopies: Bool

  /// - Parameter isForCopies: its connections take little at a time, whatever the arm sends.
  init(target: ArmTarget, loop: LoopState, tls: NIOSSLContext?, isForCopies: Bool) {
    self.target = target
    self.loop = loop
    self.isForCopies = isForCopies
    self.tls = target.arm.url.isTLS ? tls : nil
    places = isForCopies ? loop.shared.copyPlaces : loop.shared.livePlaces
    machine = PoolMachine(
      capacity: loop.shared.limits.upstreamConnections, idleLimit: loop.shared.limits.upstreamIdle.nanoseconds)
  }

  var openCount: Int { machine.open }

  /// Whether a lease would be granted.
  func hasRoom(fresh: Bool) -> Bool { machine.hasRoom(fresh: fresh) }

  /// Whether a lease would be granted without waiting for another connection's end.
  var hasRoomNow: Bool {
    hasIdle || machine.hasRoom(fresh: true) && (!places.isFull || loop.hasIdle(isForCopies: isForCopies))
  }

  var hasIdle: Bool { machine.idleCount > 0 }

  /// - Parameter fresh: never an idle connection.
  func lease(fresh: Bool, for call: UpstreamCall) -> Lease {
    while true {
      switch machine.lease(fresh: fresh) {
      case .reuse(let connection, let since):
        let idled = loop.time - since
        connection.idled = idled
        // Asking costs a system call; one that was used just now is there.
        guard idled > Self.surelyOpen, connection.isClosedByArm else { return .connected(connection) }
        noteGivenUp(after: idled)
        connection.abandon()
        machine.closed()
      case .refused: return .refused
      case .connect:
        connect(for: call)
        return .connecting
      }
    }
  }

  func release(_ connection: UpstreamConnection) {
    // An idle connection on one loop is of no use to a request on another.
    guard !isRetired, isStillWanted(connection), !places.isTight else {
      machine.closed()
      return connection.close()
    }
    machine.release(connection, at: loop.time)
  }

  /// Not to an address that the name has left.
  private func isStillWanted(_ connection: UpstreamConnection) -> Bool {
    guard connection.generation != generation else { return true }
    connection.generation = generation
    return target.addresses.isCurrent(connection.address)
  }

  /// Idle connections close now, leased ones when they are given back.
  func retire() {
    isRetired = true
    closeIdle()
  }

  /// A leased connection is gone.
  func closed() { machine.closed() }

  func idleClosed(_ connection: UpstreamConnection) {
    if let since = machine.idleClosed(where: { $0 === connection }) { noteGivenUp(after: loop.time - since) }
  }

  private func noteGivenUp(after idled: Int64) {
    keptFor = min(keptFor, idled)
    replayAllowance.idleClosed()
  }

  func expireIdle(at now: Int64) {
    if places.isTight { closeIdle() }
    for connection in machine.expire(at: now) { connection.close() }
    guard machine.open > 0 else { return }
    let latest = target.addresses.refresh(at: now)
    guard latest != generation else { return }
    generation = latest
    for connection in machine.takeIdle(where: { !target.addresses.isCurrent($0.address) }) { connection.close() }
  }

  func closeIdle() {
    for connection in machine.drain() { connection.close() }
  }

  private func connect(for call: UpstreamCall) { ConnectAttempt(pool: self, loop: loop, call: call).start() }

  /// Ready to connect; made anew for every connection, since that costs nothing beside connecting.
  var bootstrap: ClientBootstrap {
    let bootstrap = ClientBootstrap(group: loop.eventLoop)
      .connectTimeout(.nanoseconds(loop.shared.timeouts.connect.nanoseconds))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      // The arm's goodbye is told before the socket is closed: it says what the arm can have read.
      .channelOption(.allowRemoteHalfClosure, value: true)
    guard isForCopies else { return bootstrap }
    // One read a turn, and no megabytes of a flood waiting in the kernel.
    return
      bootstrap
      .channelOption(.maxMessagesPerRead, value: 1)
      .channelOption(.socketOption(.so_rcvbuf), value: Self.copyReceiveBuffer)
  }

  func connected(_ channel: any Channel, to address: SocketAddress, by attempt: ConnectAttempt) {
    let connection = UpstreamConnection(
      pool: self, loop: loop, connectTime: loop.time - attempt.began, address: address, generation: generation)
    let call = attempt.call
    do {
      let pipeline = channel.pipeline.syncOperations
      if let tls {
        // Server names are for host names; an address is verified as an address.
        try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: target.serverName))
        let left = loop.shared.timeouts.connect - .nanoseconds(loop.time - attempt.began)
        connection.awaitHandshake(for: call, within: max(left, .milliseconds(1)))
      }
      try pipeline.addHandler(connection)
    } catch {
      channel.close(promise: nil)
      return connectFailed(connectReason(error), for: call)
    }
    if tls == nil { established(connection, for: call) }
  }

  func established(_ connection: UpstreamConnection, for call: UpstreamCall) {
    if failures >= Self.downAfter, !target.hasFiles { loop.shared.observer.event(.upstreamUp(arm: target.index)) }
    failures = 0
    call.attach(connection)
  }

  func connectFailed(_ reason: String, for call: UpstreamCall) {
    machine.closed()
    failures += 1
    if failures == Self.downAfter, !target.hasFiles {
      loop.shared.observer.event(.upstreamDown(arm: target.index, reason: reason, failures: failures))
    }
    call.connectFailed(reason)
  }

  // MARK: what the process itself runs out of

  /// The arm has no part in it.
  func ranShort(of shortage: Shortage, for call: UpstreamCall) {
    machine.closed()
    loop.ranShort(of: shortage)
    call.ranShort()
  }

  /// A descriptor for a socket to the arm, that `givePlace` gives back. Where there is none, an idle connection is closed for
  /// it, which takes a moment, and longer where that is on another loop or takes its leave by TLS.
  ///
  /// - Parameter given: called once, on any thread, when the place is there, where it is not there at once.
  /// - Returns: whether it is.
  func takePlace(orWait given: @escaping @Sendable () -> Void) -> Bool {
    if places.take(orWait: given) { return true }
    loop.makeRoom(isForCopies: isForCopies)
    return false
  }

  func givePlace() { places.give() }

  /// - Returns: whether there was one.
  func closeOldestIdle() -> Bool {
    guard let oldest = machine.takeOldest() else { return false }
    oldest.close()
    return true
  }
}

/// Why a connection failed, in words for the log and the client.
func connectReason(_ error: any Error) -> String {
  switch error {
  case ChannelError.connectTimeout: return "connect timed out"
  case let error as IOError: return String(cString: strerror(error.errnoCode))
  default: return errorWords(error)
  }
}
