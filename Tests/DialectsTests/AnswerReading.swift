/// Reads an answer in every way its bytes can be cut and holds the results against each other.

import Testing

@testable import Dialects

/// An answer read to its end, with the offsets in the body after which each first was reported.
struct ReadAnswer: Equatable {
  var facts: AnswerFacts
  var firstContentAt: Int?
  var firstVisibleAt: Int?
  var terminalAt: Int?
  var errorAt: Int?
}

struct AnswerCase {
  var endpoint: Endpoint? = .chatCompletions
  var status = 200
  var format: AnswerFormat = .eventStream
  var tellsChoicesApart = false
  var asked: AskedMedia = []
  var askedPictures = 1
  var mayAnswerLater = true

  /// Reads the body byte by byte, whole, cut in two at every byte, and in random pieces.
  /// - Returns: what all of these ways agree on.
  func read(_ body: String, sourceLocation: SourceLocation = #_sourceLocation) -> ReadAnswer {
    read(Array(body.utf8), sourceLocation: sourceLocation)
  }

  func read(_ body: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) -> ReadAnswer {
    let exact = read(body, cuts: Array(0...body.count))
    var random = SplitMix64(seed: UInt64(body.count))
    var ways: [[Int]] = [[]] + (0...body.count).map { [$0] }
    for _ in 0..<20 { ways.append((0..<5).map { _ in Int.random(in: 0...body.count, using: &random) }.sorted()) }
    for cuts in ways {
      let coarse = read(body, cuts: cuts)
      let ends = cuts + [body.count]
      func piece(_ place: Int?) -> Int? { place.flatMap { at in ends.first { $0 >= at } } }
      let expected = ReadAnswer(
        facts: exact.facts, firstContentAt: piece(exact.firstContentAt), firstVisibleAt: piece(exact.firstVisibleAt),
        terminalAt: piece(exact.terminalAt), errorAt: piece(exact.errorAt))
      if coarse != expected {
        #expect(coarse == expected, "cut at \(cuts)", sourceLocation: sourceLocation)
        break
      }
    }
    return exact
  }

  /// - Parameter cuts: ascending offsets.
  func read(_ body: [UInt8], cuts: [Int]) -> ReadAnswer {
    var reader = AnswerReader(
      endpoint: endpoint, status: status, format: format, tellsChoicesApart: tellsChoicesApart,
      askedPictures: askedPictures)
    var answer = ReadAnswer(facts: AnswerFacts(format: format))
    var start = 0
    for end in cuts + [body.count] {
      let progress = reader.read(body[start..<end].span.bytes)
      if progress.contains(.firstContent) { answer.firstContentAt = end }
      if progress.contains(.firstVisible) { answer.firstVisibleAt = end }
      if progress.contains(.terminal) { answer.terminalAt = end }
      if progress.contains(.error) { answer.errorAt = end }
      if progress.contains(.begunAnew) {
        // Whatever was reported together with it belongs to the second one.
        answer.firstContentAt = progress.contains(.firstContent) ? end : nil
        answer.firstVisibleAt = progress.contains(.firstVisible) ? end : nil
        answer.terminalAt = progress.contains(.terminal) ? end : nil
        answer.errorAt = progress.contains(.error) ? end : nil
      }
      start = end
    }
    answer.facts = reader.end()
    return answer
  }

  func outcome(
    _ body: String, _ transport: TransportEnd = .complete, hasRetryAfter: Bool = false, expectsStream: Bool? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> Outcome {
    Dialects.outcome(
      of: AttemptEnding(
        transport: transport, status: status, hasRetryAfter: hasRetryAfter, endpoint: endpoint,
        answer: AnswerSigns(read(body, sourceLocation: sourceLocation).facts),
        expectsStream: expectsStream ?? (format == .eventStream), asked: asked,
        mayAnswerLater: mayAnswerLater))
  }
}

extension ReadAnswer {
  /// How much of the body had been read when the first content was reported.
  func firstContentIsAtEnd(of prefix: String) -> Bool { firstContentAt == prefix.utf8.count }
}

/// Events as an arm writes them: each with its blank line.
func events(_ data: String...) -> String { data.map { "data: \($0)\n\n" }.joined() }
