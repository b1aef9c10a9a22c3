/// Many clients at once: a busy loop writes for several connections in one go, and nobody may notice.

import Dialects
import NIOCore
import NIOEmbedded
import RolloutJudge
import Testing

@testable import SidecarProxy

@Suite(.timeLimit(.minutes(1)))
struct CrowdTests {
  @Test("all of a crowd get each answer whole, the last before its connection closes, and each is copied once")
  func crowd() async throws {
    let (clients, requests) = (32, 10)
    try await story(.shadow()) { story in
      try await withThrowingTaskGroup { group in
        for number in 0..<clients {
          group.addTask {
            let client = try await story.client()
            for request in 1...requests {
              let isLast = request == requests
              client.send(Request.chat(text: "\(number)-\(request)", lines: isLast ? "Connection: close\r\n" : ""))
              let answer = await client.receiveMessage()
              #expect(answer.status == 200)
              #expect(answer.value("x-crossfade-arm") == "openrouter")
            }
            #expect(await client.receiveAll().isEmpty)
          }
        }
        try await group.waitForAll()
      }
      let record = await story.ledger.waitForEnds(2 * clients * requests)
      #expect(record.outcomes(.live) == Array(repeating: .ok, count: clients * requests))
      #expect(record.outcomes(.shadow) == Array(repeating: .ok, count: clients * requests))
    }
  }

  @Test("where little happens bytes leave at once; in a crowd together, at the turn's end or when enough wait")
  func queue() throws {
    let channel = EmbeddedChannel(handler: Idle())
    let context = try channel.pipeline.syncOperations.context(handlerType: Idle.self)
    var queue = FlushQueue()
    #expect(queue.add(context) == .flushNow)
    #expect(queue.take().isEmpty)
    for entry in 0...LoadGauge.crowd { queue.noteEntry(at: Int64(entry) * LoadGauge.window / Int64(LoadGauge.crowd)) }
    #expect(queue.add(context) == .flushAtEndOfTurn)
    for _ in 2..<FlushQueue.limit { #expect(queue.add(context) == .wait) }
    #expect(queue.add(context) == .flushAllNow)
    #expect(queue.take().count == FlushQueue.limit)
    #expect(queue.take().isEmpty)
    #expect(queue.add(context) == .flushAtEndOfTurn)
    _ = queue.take()
    _ = try channel.finish()
  }

  private final class Idle: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
  }
}
