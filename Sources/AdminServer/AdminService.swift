/// The admin endpoints as a service: listens, answers, and stops with the rest of the program.

import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
package import OperatorLog
import ServiceLifecycle

package struct AdminService: Service {
  private let configuration: AdminConfiguration
  private let responder: AdminResponder
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
    responder = AdminResponder(
      gate: RequestGate(token: configuration.token), control: control, log: log,
      logger: logger)
  }

  /// Returns after a graceful shutdown, when the open requests have been answered.
  /// - Throws: `AdminServerError.cannotListen`.
  package func run() async throws {
    let (host, port) = (configuration.host, configuration.port)
    let application = Application(
      responder: responder,
      server: .http1(
        configuration: .init(
          idleTimeout: .seconds(60),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: AdminLimits.headerBytes, maxHeaderListSize: AdminLimits.headerBytes,
            maxHeaderFieldCount: 100))),
      configuration: ApplicationConfiguration(
        address: .hostname(host, port: port),
        availableConnectionsDelegate: MaximumAvailableConnections(
          AdminLimits.connections, logger: responder.logger)),
      onServerRunning: { [log, onListening] channel in
        let bound = channel.localAddress?.port ?? port
        log.emit(.listening(.admin, host: host, port: bound))
        await onListening(bound)
      },
      logger: responder.logger)
    do {
      try await application.run()
    } catch let error as IOError {
      throw AdminServerError.cannotListen(host: host, port: port, cause: "\(error)")
    }
  }
}
