/// The admin endpoints as a service: listens, answers, and stops with the rest of the program.

import Listening
import Logging
import NIOCore
package import OperatorLog
import ServiceLifecycle

package struct AdminService: Service {
  private let configuration: AdminConfiguration
  private let listener: AdminListener
  private let log: EventLog
  private let onListening: @Sendable (Int) async -> Void

  /// - Parameter onListening: told the port once connections are accepted.
  package init(
    configuration: AdminConfiguration, control: any RolloutControl, log: EventLog,
    onListening: @escaping @Sendable (Int) async -> Void = { _ in }
  ) {
    self.configuration = configuration
    self.log = log
    self.onListening = onListening
    // What the framework says at `info` is what this service says itself.
    var logger = log.logger(label: "admin")
    logger.logLevel = max(log.level, .notice)
    let crowd = AdminCrowd(places: configuration.places, patience: configuration.patience)
    let responder = AdminResponder(
      gate: RequestGate(token: configuration.token), control: control, log: log, logger: logger, crowd: crowd)
    listener = AdminListener(
      responder: responder, crowd: crowd, places: ConnectionPlaces(limit: configuration.places + Self.newcomers),
      onShortage: { log.emit(.limitReached(name: $0.rawValue, allowed: DescriptorTable.limit, count: 1)) })
  }

  /// Connections that are accepted while those that make room for them are being closed.
  private static let newcomers = 8

  /// Returns after a graceful shutdown, when the open requests have been answered.
  /// - Throws: `AdminServerError.cannotListen`.
  package func run() async throws {
    let (host, port) = (configuration.host, configuration.port)
    try await listener.rehearse()
    let sockets: [AdminListener.Socket]
    do {
      sockets = try await listener.bind(host, port: port)
    } catch {
      throw AdminServerError.cannotListen(host: host, port: port, cause: ListenHost.reason(error, port: port))
    }
    let bound = sockets.first?.channel.localAddress?.port ?? port
    log.emit(.listening(.admin, host: host, port: bound))
    await onListening(bound)
    try await withGracefulShutdownHandler {
      try await serve(sockets)
    } onGracefulShutdown: { [crowd = listener.crowd] in
      for socket in sockets { socket.channel.close(promise: nil) }
      crowd.quiesce()
    }
  }

  private func serve(_ sockets: [AdminListener.Socket]) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await withThrowingTaskGroup(of: Void.self) { listeners in
          for socket in sockets { listeners.addTask { try await listener.serve(socket) } }
          try await listeners.waitForAll()
        }
      }
      group.addTask {
        while !Task.isCancelled {
          try? await Task.sleep(for: .seconds(1))
          listener.crowd.closeOverdue()
        }
      }
      // The listeners end with the service; looking after the time does not.
      try await group.next()
      group.cancelAll()
    }
  }
}
