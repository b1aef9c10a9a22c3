/// The sockets behind a `PoolMachine`: connects, keeps idle connections, notices when an arm goes down or comes back.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
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
  /// Both live as long as the process serves.
  private let loop: LoopState
  private var machine: PoolMachine<UpstreamConnection>
  private let tls: NIOSSLContext?
  /// Connects in a row that failed; at `downAfter` the arm is called down, at the next success up again.
  private var failures = 0
  private static let downAfter = 3
  /// Nanoseconds.
  private static let surelyOpen: Int64 = 1_000_000
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
    machine = PoolMachine(
      capacity: loop.shared.limits.upstreamConnections, idleLimit: loop.shared.limits.upstreamIdle.nanoseconds)
  }

  var openCount: Int { machine.open }

  /// Whether a lease would be granted.
  func hasRoom(fresh: Bool) -> Bool { machine.hasRoom(fresh: fresh) }

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

  func release(_ connection: UpstreamConnection) { machine.release(connection, at: loop.time) }

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
    for connection in machine.expire(at: now) { connection.close() }
  }

  func closeIdle() {
    for connection in machine.drain() { connection.close() }
  }

  private func connect(for call: UpstreamCall) {
    loop.ledger.counters.upstreamConnections += 1
    let url = target.arm.url
    var bootstrap = ClientBootstrap(group: loop.eventLoop)
      .connectTimeout(.nanoseconds(loop.shared.timeouts.connect.nanoseconds))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
    if isForCopies {
      // One read a turn, and no megabytes of a flood waiting in the kernel.
      bootstrap =
        bootstrap
        .channelOption(.maxMessagesPerRead, value: 1)
        .channelOption(.socketOption(.so_rcvbuf), value: Self.copyReceiveBuffer)
    }
    let connected =
      if let address = try? SocketAddress(ipAddress: url.host, port: url.port) {
        bootstrap.connect(to: address)
      } else {
        bootstrap.connect(host: url.host, port: url.port)
      }
    let began = loop.time
    // The connect's own time-out lets go of a call that has long ended.
    connected.assumeIsolated().whenComplete { result in
      self.loop.tick()
      switch result {
      case .success(let channel): self.connected(channel, since: began, for: call)
      case .failure(let error): self.connectFailed(connectReason(error), for: call)
      }
    }
  }

  private func connected(_ channel: any Channel, since began: Int64, for call: UpstreamCall) {
    let connection = UpstreamConnection(pool: self, loop: loop, connectTime: loop.time - began)
    do {
      let pipeline = channel.pipeline.syncOperations
      if let tls {
        // Server names are for host names; an address is verified as an address.
        let name = (try? SocketAddress(ipAddress: target.arm.url.host, port: 0)) == nil ? target.arm.url.host : nil
        try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
      }
      if tls != nil { connection.awaitHandshake(for: call, within: loop.shared.timeouts.connect) }
      try pipeline.addHandler(connection)
    } catch {
      channel.close(promise: nil)
      return connectFailed(connectReason(error), for: call)
    }
    if tls == nil { established(connection, for: call) }
  }

  func established(_ connection: UpstreamConnection, for call: UpstreamCall) {
    if failures >= Self.downAfter { loop.shared.observer.event(.upstreamUp(arm: target.index)) }
    failures = 0
    call.attach(connection)
  }

  func connectFailed(_ reason: String, for call: UpstreamCall) {
    machine.closed()
    failures += 1
    if failures == Self.downAfter {
      loop.shared.observer.event(.upstreamDown(arm: target.index, reason: reason, failures: failures))
    }
    call.connectFailed(reason)
  }
}

/// Why a connection failed, in words for the log and the client.
func connectReason(_ error: any Error) -> String {
  switch error {
  case let error as NIOConnectionError:
    // One for each address of the name; without any, the name had none.
    if let first = error.connectionErrors.first { return connectReason(first.error) }
    return "unknown host \(error.host)"
  case ChannelError.connectTimeout: return "connect timed out"
  case let error as IOError: return String(cString: strerror(error.errnoCode))
  default: return errorWords(error)
  }
}
