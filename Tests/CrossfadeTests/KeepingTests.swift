/// A rollback on a disk that does not answer: the traffic does not wait for it, whoever commanded it and the log do.

import AdminServer
import Dispatch
import Foundation
import Journal
import Logging
import OperatorLog
import RolloutJudge
import SidecarProxy
import Synchronization
import Testing

@testable import crossfade

@Suite("Keeping")
struct KeepingTests {
  private final class Lines: LineSink {
    let isTerminal = false
    private let lines = Mutex([String]())

    func write(_ line: [UInt8]) -> Bool {
      lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
      return true
    }

    func decisions(_ kind: String) -> [String] {
      lines.withLock { $0.filter { $0.contains(#""event":"decision""#) && $0.contains(#""decision":"\#(kind)""#) } }
    }
  }

  private static func arm(_ name: String) -> Arm {
    Arm(name: name, vendor: name, url: ArmURL(isTLS: false, host: "127.0.0.1", port: 9, basePath: "/v1"))
  }

  @Test("it takes effect at once, and is answered and told once it is on the disk, with the chain's head")
  func told() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("keeping-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = folder.appendingPathComponent("store.db").path
    let playbook = Playbook(
      name: "move", baseline: Self.arm("openrouter"), candidates: [Self.arm("litellm")],
      stages: [Stage(name: "canary", weights: [0.3], shadow: [0], hold: .seconds(3600))])
    let (lines, clock) = (Lines(), ProcessClock())
    let log = EventLog(sink: lines, level: .info, now: { clock.now })
    let runner = RolloutRunner(playbook: playbook, store: .file(store), log: log, clock: clock)
    try await runner.openJournal()
    let (adopted, inbox) = AsyncStream<Int>.makeStream()
    await runner.attach(
      RolloutRunner.ProxyControl(adopt: { inbox.yield($0.number) }, replace: { _, _, _ in }))
    var numbers = adopted.makeAsyncIterator()
    let before = await numbers.next()
    #expect(await runner.status().weights == ["litellm": 0.3])

    let gate = DispatchSemaphore(value: 0)
    await runner.access.thread.enqueue { gate.wait() }
    async let answer = runner.perform(CommandOrder(.rollback(candidate: nil), actor: "ada"))
    let after = await numbers.next()
    #expect(after ?? 0 > before ?? 0)
    #expect(await runner.status().weights == ["litellm": 0])
    #expect(lines.decisions("rollback") == [], "the disk has not answered yet")
    gate.signal()
    let decision = try await answer
    #expect(!decision.message.contains("not journaled") && decision.head?.utf8.count == 64)
    #expect(lines.decisions("rollback").count == 1)
    #expect(lines.decisions("rollback").first?.contains(decision.head ?? "none") == true)
    let journaled = try Journal.reading(path: store).decisions()
    #expect(journaled.map(\.decision) == [.start, .rollback])
  }
}
