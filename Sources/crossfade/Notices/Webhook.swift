/// Tells whoever the playbook names of every decision. At its own pace: traffic and decisions never wait for it.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import OperatorLog
import RolloutJudge
import ServiceLifecycle
import Synchronization

/// Each receiver has a line of its own, so that one that does not answer keeps nothing from the others: at most 64 decisions wait in
/// it, each is tried five times within about half a minute.
struct Webhook: Service, CustomStringConvertible {
  let log: EventLog
  /// Where the dashboard is, once that is known.
  let dashboard = DashboardLink()
  private let deliveries: AsyncStream<Delivery>
  private let inbox: AsyncStream<Delivery>.Continuation
  private static let attempts = 5
  private static let waiting = 64
  /// Lines of former playbooks stay until the end; beyond these nobody new is told.
  private static let lines = 64
  private static let answerBytes = 64 << 10

  private struct Delivery: Sendable {
    var decision: Decision
    var hook: DecisionHook
  }

  init(log: EventLog) {
    self.log = log
    (deliveries, inbox) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.waiting * 16))
  }

  var description: String { "webhook" }

  func enqueue(_ decision: Decision, to hooks: [DecisionHook]) {
    for hook in hooks { inbox.yield(Delivery(decision: decision, hook: hook)) }
  }

  /// At shutdown what is under way is given up: nobody waits for a receiver that does not answer.
  func run() async throws {
    var configuration = HTTPClient.Configuration.impatient
    configuration.redirectConfiguration = .disallow
    let client = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
    await withTaskCancellationOrGracefulShutdownHandler {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await distribute(by: client) }
        group.addTask { try? await gracefulShutdown() }
        _ = await group.next()
        group.cancelAll()
      }
    } onCancelOrGracefulShutdown: {
      inbox.finish()
    }
    try await client.shutdown()
  }

  private func distribute(by client: HTTPClient) async {
    await withTaskGroup(of: Void.self) { group in
      var lines: [DecisionHook: AsyncStream<Delivery>.Continuation] = [:]
      for await delivery in deliveries.cancelOnGracefulShutdown() {
        if lines[delivery.hook] == nil, lines.count < Self.lines {
          let (line, end) = AsyncStream<Delivery>.makeStream(bufferingPolicy: .bufferingNewest(Self.waiting))
          lines[delivery.hook] = end
          group.addTask { for await delivery in line { await deliver(delivery, by: client) } }
        }
        lines[delivery.hook]?.yield(delivery)
      }
      group.cancelAll()
    }
  }

  private func deliver(_ delivery: Delivery, by client: HTTPClient) async {
    let (decision, hook) = (delivery.decision, delivery.hook)
    var failure = HookAnswer.busy("no answer")
    var made = 0
    while made < Self.attempts, !Task.isCancelled {
      if made > 0 { try? await Task.sleep(for: .seconds(1 << (made - 1))) }
      made += 1
      failure = await attempt(decision, hook, client)
      if failure == .taken { return }
      if case .refused = failure { break }
    }
    guard failure != .taken else { return }
    let words =
      switch failure {
      case .taken: ""
      case .busy(let words), .refused(let words): words
      }
    log.emit(.webhookFailed(to: hook.form.rawValue, seq: decision.seq, attempts: made, status: nil, error: words))
  }

  private func attempt(_ decision: Decision, _ hook: DecisionHook, _ client: HTTPClient) async -> HookAnswer {
    do {
      let now = Instant(nanoseconds: Int64(Date().timeIntervalSince1970 * 1e9))
      let notice = Notice(decision: decision, link: hook.link ?? dashboard.url)
      let made = try HookRequest(notice, hook, now: now)
      var request = HTTPClientRequest(url: made.url)
      request.method = .POST
      for field in made.fields { request.headers.add(name: field.name, value: field.value) }
      request.headers.add(name: "user-agent", value: "crossfade/\(Version.text)")
      request.body = .bytes(ByteBuffer(bytes: made.body))
      let response = try await client.execute(request, timeout: .seconds(10))
      let body = try await response.body.collect(upTo: Self.answerBytes)
      return HookAnswer(hook.form, status: Int(response.status.code), body: Array(body.readableBytesView))
    } catch {
      return .busy(hook.hiding(String(describing: error)))
    }
  }
}

extension DecisionHook {
  /// A text without what must not be shown of it.
  fileprivate func hiding(_ text: String) -> String {
    [address, secret].compactMap { $0?.exposed }.filter { !$0.isEmpty }.reduce(text) {
      $0.replacing($1, with: "****")
    }
  }
}

/// The address of the dashboard: known once it listens.
final class DashboardLink: Sendable {
  private let address = Mutex("http://127.0.0.1:8788/")

  var url: String { address.withLock { $0 } }

  func set(host: String, port: Int) {
    let shown = host.contains(":") ? "[\(host)]" : host
    address.withLock { $0 = "http://\(shown):\(port)/" }
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
