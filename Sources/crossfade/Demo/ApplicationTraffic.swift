/// The demo's application: conversations that ask at a steady pace, each waiting for its answer before it asks again.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import Synchronization

struct ApplicationTraffic: Sendable {
  let baseURL: String
  let key: String
  let pace: DemoPace
  let seed: UInt64
  let clock: ProcessClock
  let tally: ClientTally
  let client: HTTPClient
  private let isOver = StopFlag()

  private final class StopFlag: Sendable {
    let isSet = Mutex(false)
  }

  init(
    baseURL: String, key: String, pace: DemoPace, seed: UInt64, clock: ProcessClock, tally: ClientTally,
    client: HTTPClient
  ) {
    self.baseURL = baseURL
    self.key = key
    self.pace = pace
    self.seed = seed
    self.clock = clock
    self.tally = tally
    self.client = client
  }

  /// A client with a connection for every conversation.
  static func client(_ pace: DemoPace) -> HTTPClient {
    var configuration = HTTPClient.Configuration()
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = pace.conversations
    configuration.httpVersion = .http1Only
    configuration.timeout.connect = .seconds(10)
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  /// Until `stop`; then every conversation still gets the answer it waits for.
  func run() async {
    await withTaskGroup(of: Void.self) { group in
      for conversation in 0..<pace.conversations { group.addTask { await converse(conversation) } }
    }
  }

  func stop() { isOver.isSet.withLock { $0 = true } }

  private func converse(_ conversation: Int) async {
    let clock = ContinuousClock()
    let interval = Duration.seconds(Double(pace.conversations) / pace.rate)
    var due = clock.now + interval * (Double(conversation) / Double(pace.conversations))
    var turn = 0
    while !isOver.isSet.withLock({ $0 }), !Task.isCancelled {
      do {
        try await clock.sleep(until: due, tolerance: .zero)
      } catch {
        return
      }
      await ask(conversation, turn: turn)
      turn += 1
      // What a slow answer delayed is not made up for: the application is as slow as its gateway.
      due = max(due, clock.now - interval) + interval * (0.5 + unevenness(conversation, turn))
    }
  }

  /// In 0..<1, evenly spread over turns, from Weyl's sequence: repeatable without a generator.
  private func unevenness(_ conversation: Int, _ turn: Int) -> Double {
    let step = UInt64(0x9E37_79B9_7F4A_7C15)
    let place = (seed &+ UInt64(conversation)) &* 0xD1B5_4A32_D192_ED03 &+ UInt64(turn) &* step
    return Double(place >> 11) * 0x1p-53
  }

  private func ask(_ conversation: Int, turn: Int) async {
    let request = ApplicationRequest(conversation: conversation, turn: turn)
    var exchange = ClientTally.Exchange(sentAt: clock.now, isStream: request.stream)
    do {
      var message = HTTPClientRequest(url: "\(baseURL)/chat/completions")
      message.method = .POST
      message.headers.add(name: "authorization", value: "Bearer \(key)")
      message.headers.add(name: "content-type", value: "application/json")
      message.body = .bytes(try request.body)
      let response = try await client.execute(message, timeout: .seconds(60))
      let body = String(buffer: try await response.body.collect(upTo: 4 << 20))
      exchange.arm = response.headers.first(name: "x-crossfade-arm")
      exchange.fallback = response.headers.first(name: "x-crossfade-fallback")
      exchange.fault = ApplicationAnswer.fault(
        status: Int(response.status.code), body: body, isStream: request.stream)
    } catch {
      // A demo that was interrupted saw no fault of the proxy.
      if Task.isCancelled { return }
      exchange.fault = "no answer: \(error)"
    }
    tally.record(exchange)
  }
}
