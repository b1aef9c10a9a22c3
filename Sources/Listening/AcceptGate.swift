/// The handler of a listening socket that stops accepting near the end of what the process has, and goes on when there is
/// room again. A kernel that cannot hand out a descriptor reports the waiting connection over and over: without a pause that
/// is a core spent on nothing.

package import NIOCore

package final class AcceptGate: ChannelInboundHandler {
  package typealias InboundIn = any Channel
  package typealias InboundOut = any Channel

  package enum Event: Sendable, Equatable {
    /// All places are taken; further connections wait in the kernel's queue.
    case full
    case shortage(Shortage)
  }

  private let places: ConnectionPlaces
  private let report: @Sendable (Event) -> Void
  private var machine = AcceptMachine()
  private var channel: (any Channel)?

  /// - Parameters:
  ///   - places: may be shared by several listeners.
  ///   - report: told on the listener's loop; returns at once.
  package init(places: ConnectionPlaces, report: @escaping @Sendable (Event) -> Void) {
    self.places = places
    self.report = report
  }

  /// Connections that are accepted beyond the last place, at most, less one.
  package static let burst: UInt = 4

  package func handlerAdded(context: ChannelHandlerContext) { channel = context.channel }

  package func handlerRemoved(context: ChannelHandlerContext) { channel = nil }

  package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let child = unwrapInboundIn(data)
    machine.accepted()
    let gate = NIOLoopBound(self, eventLoop: context.eventLoop)
    let loop = context.eventLoop
    let hasRoom = places.takeAnyway(orWhenRoom: { loop.execute { gate.value.placeFreed() } })
    child.closeFuture.whenComplete { [places] _ in places.give() }
    if !hasRoom {
      obey(machine.placesTaken())
      report(.full)
    }
    context.fireChannelRead(data)
  }

  package func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // Of one connection that was refused or gave up there is nothing to say.
    guard let shortage = Shortage(error) else { return }
    obey(machine.failed())
    report(.shortage(shortage))
  }

  private func placeFreed() { obey(machine.placeFreed()) }

  private func obey(_ action: AcceptMachine.Action) {
    guard let channel, channel.isActive else { return }
    switch action {
    case .nothing: break
    case .pause: setAccepting(false, channel)
    case .resume: setAccepting(true, channel)
    case .pauseFor(let milliseconds):
      setAccepting(false, channel)
      channel.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(milliseconds))) {
        self.obey(self.machine.rested())
      }
    }
  }

  private func setAccepting(_ isAccepting: Bool, _ channel: any Channel) {
    do {
      try channel.syncOptions?.setOption(.autoRead, value: isAccepting)
    } catch {
      // A socket that has been closed accepts nothing either way.
    }
  }
}
