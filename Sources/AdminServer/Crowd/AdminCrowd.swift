/// The admin connections that are open, over all threads: closes those that the machine picks, and all of them in the end.

import NIOConcurrencyHelpers
import NIOCore

final class AdminCrowd: Sendable {
  private struct State: Sendable {
    var machine: CrowdMachine<ObjectIdentifier>
    var channels: [ObjectIdentifier: any Channel] = [:]
    var evicted = 0
    var isOver = false
  }

  private let state: NIOLockedValueBox<State>

  init(places: Int, patience: AdminPatience) {
    state = NIOLockedValueBox(State(machine: CrowdMachine(places: places, patience: patience)))
  }

  /// Connections closed for others, and because they took too long.
  var evicted: Int { state.withLockedValue { $0.evicted } }

  func opened(_ channel: any Channel) {
    let id = ObjectIdentifier(channel)
    let (leaver, isOver) = state.withLockedValue { state -> ((any Channel)?, Bool) in
      let leaver = state.machine.opened(id, at: Self.now).flatMap { state.channels.removeValue(forKey: $0) }
      if leaver != nil { state.evicted += 1 }
      state.channels[id] = channel
      return (leaver, state.isOver)
    }
    leaver?.close(promise: nil)
    channel.closeFuture.whenComplete { _ in self.closed(id) }
    if isOver { channel.close(promise: nil) }
  }

  func heard(_ channel: any Channel) {
    state.withLockedValue { $0.machine.heard(ObjectIdentifier(channel), at: Self.now) }
  }

  func headRead(_ channel: any Channel, isReserved: Bool) -> Bool {
    state.withLockedValue {
      $0.machine.headRead(ObjectIdentifier(channel), isReserved: isReserved, at: Self.now)
    }
  }

  func answered(_ channel: any Channel) {
    state.withLockedValue { $0.machine.answered(ObjectIdentifier(channel), at: Self.now) }
  }

  func closeOverdue() {
    let late = state.withLockedValue { state -> [any Channel] in
      let late = state.machine.overdue(at: Self.now).compactMap { state.channels.removeValue(forKey: $0) }
      state.evicted += late.count
      return late
    }
    for channel in late { channel.close(promise: nil) }
  }

  /// Idle connections are closed, open requests finish first.
  func quiesce() {
    let channels = state.withLockedValue { state in
      state.isOver = true
      return Array(state.channels.values)
    }
    for channel in channels { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
  }

  private func closed(_ id: ObjectIdentifier) {
    state.withLockedValue {
      $0.machine.closed(id)
      $0.channels[id] = nil
    }
  }

  private static var now: Int64 { Int64(bitPattern: NIODeadline.now().uptimeNanoseconds) }
}

/// Tells the crowd that something came in, before any of it is parsed.
final class CrowdEar: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let crowd: AdminCrowd

  init(_ crowd: AdminCrowd) { self.crowd = crowd }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    crowd.heard(context.channel)
    context.fireChannelRead(data)
  }
}
