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
struct Webhook: Service {
  let url: String
  let log: EventLog
  private let decisions: AsyncStream<Decision>
  private let inbox: AsyncStream<Decision>.Continuation
  private static let attempts = 3

  init(url: String, log: EventLog) {
    self.url = url
    self.log = log
    (decisions, inbox) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(64))
  }

  func enqueue(_ decision: Decision) { inbox.yield(decision) }

  func run() async throws {
    for await decision in decisions.cancelOnGracefulShutdown() { await deliver(decision) }
  }

  private func deliver(_ decision: Decision) async {
    var status: Int?
    var failure: String?
    for attempt in 1...Self.attempts {
      do {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: try DecisionJSON.encode(decision)))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        status = Int(response.status.code)
        if (200..<300).contains(response.status.code) { return }
      } catch {
        failure = String(describing: error)
      }
      if attempt < Self.attempts { try? await Task.sleep(for: .seconds(1 << (attempt - 1))) }
    }
    log.emit(.webhookFailed(seq: decision.seq, attempts: Self.attempts, status: status, error: failure))
  }
}
