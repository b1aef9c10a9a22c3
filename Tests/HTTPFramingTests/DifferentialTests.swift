/// Whatever this parser accepts, NIOHTTP1 reads alike: a second parser behind ours must not see other messages.

import HTTPFraming
import Testing

@Suite struct DifferentialTests {
  private static let rounds: Range<UInt64> = 0..<20

  /// Compares the messages ours accepted, the last one as far as it came, and returns how many there were.
  ///
  /// Where ours refuses, theirs may go on: what it reads up to there must still be the same.
  private func compare(
    _ kind: MessageKind, _ pieces: [[UInt8]], methods: [HTTPMethod] = [.post], _ comment: @autoclosure () -> String
  ) throws -> Int {
    let ours = read(kind, pieces, methods: methods)
    guard !ours.messages.isEmpty else { return 0 }
    let theirs =
      switch kind {
      case .request: try NIOReading.requests(pieces)
      case .response: try NIOReading.responses(pieces, methods: methods)
      }
    for (index, mine) in ours.messages.enumerated() {
      guard index < theirs.messages.count else {
        if theirs.error != nil && (Self.hasMethodUnknownToNIO(mine, kind) || Self.hasBothLengths(mine, kind)) {
          return index
        }
        if index > 0 && Self.asksForUpgrade(ours.messages[index - 1], kind) { return index }
        Issue.record("\(comment()): no \(mine), but \(String(describing: theirs.error))")
        return index
      }
      var told = theirs.messages[index].asNIOTells
      if Self.isKeepAliveOurs(mine, kind, methods) { told.keepsAlive = mine.keepsAlive }
      if ours.violation != nil && !mine.isComplete {
        told.isComplete = false
        told.body.removeLast(max(0, told.body.count - mine.body.count))
      }
      #expect(told == mine.asNIOTells, "\(comment()): message \(index)")
    }
    if ours.violation == nil && !ours.isLast {
      #expect(theirs.messages.count == ours.messages.count, "\(comment()): more messages")
    }
    return ours.messages.count
  }

  /// llhttp has a list of methods and refuses all others; here any token is a method.
  private static func hasMethodUnknownToNIO(_ message: ReadMessage, _ kind: MessageKind) -> Bool {
    let named = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"]
    return kind == .request && !named.contains(String(decoding: message.start[0], as: UTF8.self))
  }

  /// llhttp refuses what h11, Go and curl read: with both lengths the chunks of an answer count.
  private static func hasBothLengths(_ message: ReadMessage, _ kind: MessageKind) -> Bool {
    let names = message.fields.map { String(decoding: $0.name, as: UTF8.self).lowercased() }
    return kind == .response && names.contains("content-length") && names.contains("transfer-encoding")
  }

  /// After a request to switch protocols NIOHTTP1 leaves the rest to somebody else; here the request is answered as
  /// usual.
  private static func asksForUpgrade(_ message: ReadMessage, _ kind: MessageKind) -> Bool {
    kind == .request && message.fields.contains { String(decoding: $0.name, as: UTF8.self).lowercased() == "upgrade" }
  }

  /// Where NIOHTTP1 judges otherwise whether a connection stays open: it asks before it knows that an answer has no
  /// body, trusts a 204 that announces one, expects requests after CONNECT, and lets `keep-alive` win over `close` in
  /// HTTP/1.0.
  private static func isKeepAliveOurs(
    _ message: ReadMessage, _ kind: MessageKind, _ methods: [HTTPMethod]
  ) -> Bool {
    let start = String(decoding: message.start[0], as: UTF8.self)
    let options = message.fields.filter { String(decoding: $0.name, as: UTF8.self).lowercased() == "connection" }
      .map { String(decoding: $0.value, as: UTF8.self).lowercased() }.joined()
    if message.minorVersion == 0 && options.contains("keep-alive") && options.contains("close") { return true }
    if kind == .request { return start == "CONNECT" }
    return methods.contains(.head) || start.hasPrefix("1") || start == "204" || start == "304"
  }

  @Test("the valid requests", arguments: Sample.requests)
  func validRequests(_ sample: Sample) throws {
    #expect(try compare(.request, [sample.bytes], sample.name) == sample.messages)
  }

  @Test("the valid responses", arguments: Sample.responses)
  func validResponses(_ sample: Sample) throws {
    #expect(try compare(.response, [sample.bytes], methods: sample.methods, sample.name) == sample.messages)
  }

  private func fuzz(_ kind: MessageKind, _ samples: [Sample], round: UInt64) throws {
    var accepted = 0
    for seed in round * 500..<round * 500 + 500 {
      var mutation = Mutation(seed: 1_000_000 + seed)
      let sample = mutation.pick(samples)
      let bytes = mutation.damage(sample.bytes, splicing: mutation.pick(samples).bytes)
      accepted += try compare(kind, [bytes], methods: sample.methods, "seed \(seed)")
    }
    #expect(accepted > 100)
  }

  @Test("damaged requests", arguments: rounds)
  func damagedRequests(_ round: UInt64) throws { try fuzz(.request, Sample.requests, round: round) }

  @Test("damaged responses", arguments: rounds)
  func damagedResponses(_ round: UInt64) throws { try fuzz(.response, Sample.responses, round: round) }
}
