/// Sends recorded requests through the proxy as the application would: at a pace, within limit and budget.

import AsyncHTTPClient
import Dialects
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import RolloutJudge
import TrafficSplit

struct ReplaySender: Sendable {
  let requests: [RecordedRequest]
  let candidate: Arm
  let pace: ReplayPace
  /// Whether the next request waits until the cost of the last one is known.
  let hasBudget: Bool
  let timeout: Duration
  let client: HTTPClient
  let ledger: ReplayLedger

  /// Until everything that was sent has ended, or nothing more may be sent.
  ///
  /// - Returns: why not everything was sent; nil where it was.
  func send(toPort port: Int) async -> ReplayLedger.Stop? {
    let stop = await withTaskGroup(of: ReplayLedger.Stop?.self, returning: ReplayLedger.Stop?.self) { group in
      let clock = ContinuousClock()
      var due = clock.now
      var stop: ReplayLedger.Stop?
      for index in requests.indices {
        do { try await clock.sleep(until: due) } catch { break }
        due = max(due + pace.interval, clock.now)
        let hasBudget = hasBudget
        await ledger.wait { figures in
          if hasBudget { return figures.isSettled }
          return figures.sent - min(figures.answered, figures.copiesOver) < ReplayPace.inFlightLimit
        }
        if Task.isCancelled { break }
        do throws(ReplayLedger.Stop) {
          try await ledger.admit(expected: expectedCost(requests[index]))
        } catch {
          stop = error
          break
        }
        group.addTask { await send(index, toPort: port) }
      }
      for await failure in group { stop = stop ?? failure }
      return stop
    }
    await settle()
    return stop
  }

  /// Copies end by the time-outs of the playbook; one that does not is not waited for.
  private func settle() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await ledger.wait { $0.isSettled } }
      group.addTask {
        do { try await Task.sleep(for: timeout + .seconds(5)) } catch { return }
        await ledger.stop()
      }
      _ = await group.next()
      group.cancelAll()
    }
  }

  private func send(_ index: Int, toPort port: Int) async -> ReplayLedger.Stop? {
    let request = requests[index]
    var message = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(request.path)")
    message.method = .POST
    message.headers = ["content-type": "application/json"]
    for header in request.headers { message.headers.replaceOrAdd(name: header.name, value: header.value) }
    message.headers.replaceOrAdd(name: "authorization", value: RecordedBaseline.authorization(index))
    message.body = .bytes(ByteBuffer(bytes: request.body))
    var exchange: UInt64?
    do {
      let response = try await client.execute(message, timeout: .nanoseconds((timeout + .seconds(5)).nanoseconds))
      exchange = response.headers.first(name: "x-crossfade-id").flatMap { UInt64($0, radix: 16) }
      try await read(response, of: request)
      await ledger.answered(exchange: exchange, status: Int(response.status.code), wasAsked: request.answer == nil)
      return nil
    } catch {
      await ledger.answered(exchange: exchange, status: nil, wasAsked: request.answer == nil)
      return .notReached("\(request.origin): \(error)")
    }
  }

  /// To its end, or to the last event of a stream, whatever is held open behind it.
  private func read(_ response: HTTPClientResponse, of request: RecordedRequest) async throws {
    var reader = AnswerReader(endpoint: request.endpoint, status: Int(response.status.code), format: .other)
    for try await bytes in response.body {
      _ = reader.read(bytes.readableBytesSpan)
      if reader.isStreamOver { return }
    }
  }

  /// USD at most, where the playbook has a price and the request a limit; a token is a byte at least.
  func expectedCost(_ request: RecordedRequest) -> Double? {
    guard request.answer != nil, let model = request.model.flatMap(candidate.models.candidateModel),
      let price = candidate.prices[model], price.isOfTokens,
      let body = (try? JSONSerialization.jsonObject(with: Data(request.body))) as? [String: Any]
    else { return nil }
    let limits = ["max_tokens", "max_completion_tokens", "max_output_tokens"].compactMap { body[$0] as? Int }
    guard let limit = limits.max(), limit > 0 else { return nil }
    let choices = Double(max(1, body["n"] as? Int ?? 1))
    let input = max(price.input, price.cacheWrite ?? 0)
    return (Double(request.body.count) * input + Double(limit) * choices * price.output) / 1e6
  }
}
