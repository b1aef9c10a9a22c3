/// Tells a URL every decision, as the log has it. At its own pace: traffic and decisions never wait for it.

import AsyncHTTPClient
import Foundation
import Journal
import NIOCore
import NIOHTTP1
import OperatorLog
import RolloutJudge
import ServiceLifecycle

/// Keeps at most 64 decisions that could not be delivered yet; each is tried three times.
struct Webhook: Service, CustomStringConvertible {
  let log: EventLog
  private let decisions: AsyncStream<Delivery>
  private let inbox: AsyncStream<Delivery>.Continuation
  private static let attempts = 3

  private struct Delivery: Sendable {
    var decision: Decision
    /// Often with a token in it; libraries that log the service must not tell.
    var url: Secret
  }

  init(log: EventLog) {
    self.log = log
    (decisions, inbox) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(64))
  }

  var description: String { "webhook" }

  func enqueue(_ decision: Decision, to url: String) {
    inbox.yield(Delivery(decision: decision, url: Secret(url)))
  }

  /// At shutdown what is under way is given up: nobody waits for a receiver that does not answer.
  func run() async throws {
    let client = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: .impatient)
    await withTaskCancellationOrGracefulShutdownHandler {
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          for await delivery in decisions.cancelOnGracefulShutdown() { await deliver(delivery, by: client) }
        }
        group.addTask { try? await gracefulShutdown() }
        _ = await group.next()
        group.cancelAll()
      }
    } onCancelOrGracefulShutdown: {
      inbox.finish()
    }
    try await client.shutdown()
  }

  private func deliver(_ delivery: Delivery, by client: HTTPClient) async {
    let decision = delivery.decision
    var status: Int?
    var failure: String?
    for attempt in 1...Self.attempts {
      do {
        var request = HTTPClientRequest(url: delivery.url.exposed)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: try DecisionJSON.encode(decision)))
        let response = try await client.execute(request, timeout: .seconds(10))
        status = Int(response.status.code)
        if (200..<300).contains(response.status.code) { return }
      } catch {
        failure = String(describing: error).replacing(delivery.url.exposed, with: "****")
      }
      guard !Task.isCancelled else { break }
      if attempt < Self.attempts { try? await Task.sleep(for: .seconds(1 << (attempt - 1))) }
    }
    log.emit(.webhookFailed(seq: decision.seq, attempts: Self.attempts, status: status, error: failure))
  }
}

extension HTTPClient.Configuration {
  /// Says at once that nobody answers, where the default would go on trying for the whole time-out.
  static var impatient: HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration()
    configuration.connectionPool.retryConnectionEstablishment = false
    return configuration
  }
}
