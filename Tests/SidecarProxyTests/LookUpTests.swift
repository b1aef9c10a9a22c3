/// Arms known by name: what a name server does to one arm touches no other, and what the process runs out of touches none.

import Dialects
import GatewayEmulation
import Listening
import NIOCore
import RolloutJudge
import Synchronization
import Testing

@testable import SidecarProxy

/// A name server played by hand.
final class NameServer: Sendable {
  private struct State {
    var answer: NameLookup.Answer?
    var asked = 0
    var waiting: [(port: Int, done: @Sendable (NameLookup.Answer) -> Void)] = []
  }

  private let state = Mutex(State())

  /// - Parameter addresses: nil: it is silent.
  init(_ addresses: [String]? = nil) { if let addresses { set(addresses) } }

  var asked: Int { state.withLock { $0.asked } }

  func set(_ addresses: [String]) {
    let sockets = addresses.compactMap { try? SocketAddress(ipAddress: $0, port: 0) }
    answer(.success(sockets))
  }

  func answer(_ answer: NameLookup.Answer) {
    let waiting = state.withLock { state in
      state.answer = answer
      defer { state.waiting = [] }
      return state.waiting
    }
    for (port, done) in waiting { done(Self.at(port, answer)) }
  }

  var ask: ArmAddresses.Ask {
    { [self] _, port, done in
      let answer = state.withLock { state -> NameLookup.Answer? in
        state.asked += 1
        if state.answer == nil { state.waiting.append((port, done)) }
        return state.answer
      }
      if let answer { done(Self.at(port, answer)) }
    }
  }

  private static func at(_ port: Int, _ answer: NameLookup.Answer) -> NameLookup.Answer {
    answer.map { addresses in
      addresses.map { address in
        var address = address
        address.port = port
        return address
      }
    }
  }
}

@Suite(.timeLimit(.minutes(1)))
struct LookUpTests {
  private func named(_ server: NameServer, _ plan: StoryPlan) -> StoryPlan {
    var plan = plan
    plan.candidateHost = "candidate.test"
    plan.lookUp = server.ask
    return plan
  }

  @Test("a candidate's name that is never answered leaves live exchanges alone, and is asked for once")
  func silentInShadow() async throws {
    let server = NameServer()
    try await story(named(server, .shadow())) { story in
      try await story.liveGoesOn(count: 10)
      #expect(server.asked == 1)
    }
  }

  @Test("a canary whose name is not answered in time is the baseline's, and the candidate has failed")
  func silentCanary() async throws {
    let server = NameServer()
    var plan = named(server, .canary())
    plan.traffic.timeouts.connect = .milliseconds(50)
    try await story(plan) { story in
      let answer = try await story.exchange(Request.chat())
      #expect(answer.status == 200 && answer.value("x-crossfade-arm") == "openrouter")
      #expect(await story.ledger.waitForEnds(1, .live).outcomes(.live) == [.failed])
    }
  }

  @Test("a name that does not exist fails at once, and says so")
  func unknown() async throws {
    let server = NameServer()
    server.answer(.failure(.failed("unknown host candidate.test")))
    try await story(named(server, .canary())) { story in
      for _ in 0..<3 {
        let answer = try await story.exchange(Request.chat())
        #expect(answer.status == 200 && answer.value("x-crossfade-fallback") == "failed")
      }
      let record = await story.ledger.wait { !$0.events.isEmpty && $0.events.contains { $0.isDown } }
      guard case .upstreamDown(_, let reason, _) = record.events.first(where: \.isDown) else { return }
      #expect(reason == "unknown host candidate.test")
    }
  }

  @Test("requests that come while a name is looked up all wait for one answer")
  func shared() async throws {
    let server = NameServer()
    var plan = named(server, .canary())
    plan.threads = 2
    try await story(plan) { story in
      let clients = [try await story.client(), try await story.client(), try await story.client()]
      for client in clients { client.send(Request.chat()) }
      _ = await story.ledger.wait { $0.starts.count == 3 }
      server.set(["127.0.0.1"])
      for client in clients {
        let answer = await client.receiveMessage()
        #expect(answer.status == 200 && answer.value("x-crossfade-arm") == "litellm")
      }
      #expect(server.asked == 1)
    }
  }

  @Test("a dead address is passed over, and comes last the next time")
  func deadFirst() async throws {
    // Nothing listens there on the candidate's port.
    let server = NameServer(["127.0.0.3", "127.0.0.1"])
    try await story(named(server, .canary())) { story in
      for _ in 0..<3 {
        let answer = try await story.exchange(Request.chat())
        #expect(answer.status == 200 && answer.value("x-crossfade-arm") == "litellm")
        #expect(answer.value("x-crossfade-fallback") == nil)
      }
      #expect(await story.ledger.waitForEnds(3, .live).outcomes(.live) == [.ok, .ok, .ok])
    }
  }

  @Test("what the process has not left to look a name up with is no failure of the candidate")
  func shortage() async throws {
    let server = NameServer()
    server.answer(.failure(.shortage(.descriptors)))
    var plan = named(server, .canary())
    plan.shadow = 1
    try await story(plan) { story in
      for _ in 0..<5 {
        let answer = try await story.exchange(Request.chat())
        #expect(answer.status == 200 && answer.value("x-crossfade-arm") == "openrouter")
        #expect(answer.value("x-crossfade-fallback") == nil)
      }
      let record = await story.ledger.wait { $0.withdrawn.count == 5 && $0.ends(.rescue).count == 5 }
      #expect(record.ends(.live).isEmpty && record.fallbacks.isEmpty)
      #expect(record.counters.shortages == 5)
      #expect(record.open == 0)
    }
  }

  @Test("a copy that could not be sent for want of something of ours is dropped, and counted as that")
  func shortageOfCopies() async throws {
    let server = NameServer()
    server.answer(.failure(.shortage(.memory)))
    try await story(named(server, .shadow())) { story in
      try await story.liveGoesOn(count: 5)
      let record = await story.ledger.wait { $0.drops.count == 5 }
      #expect(record.drops.allSatisfy { $0.reason == .unreachable } && record.ends(.shadow).isEmpty)
    }
  }
}

extension ProxyEvent {
  fileprivate var isDown: Bool { if case .upstreamDown = self { true } else { false } }
}
