/// The traps that are known on the wire, each cut at every byte.

import Testing

@testable import Dialects

@Suite("Wire traps")
struct WireTrapTests {
  private let chat = AnswerCase()

  @Test("a comment before the first chunk, and between chunks")
  func comments() {
    let stream = Chat.comment + Chat.comment + Chat.li + ":\n:keep\n" + Chat.ma + Chat.comment + Chat.finish + Chat.done
    let answer = chat.read(stream)
    #expect(answer.firstContentIsAtEnd(of: Chat.comment + Chat.comment + Chat.li))
    #expect(answer.facts.eventCount == 3)
    #expect(chat.outcome(stream) == .ok)
  }

  @Test("the usage chunk has no choices, one empty choice, content beside it, or is not there")
  func usageChunks() {
    let head = Chat.li + Chat.finish
    #expect(chat.read(head + Chat.usage + Chat.done).facts.usage == TokenUsage(prompt: 21, completion: 4))
    let litellm = chat.read(head + Chat.usageWithChoice + Chat.done).facts
    #expect(litellm.usage == TokenUsage(prompt: 29, completion: 24, cached: 24))
    #expect(litellm.reportedCost == 0.000012499999999999999)
    #expect(!litellm.hasUnfinishedChoice)
    let beside = events(
      #"{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#
    )
    #expect(chat.read(head + beside + Chat.done).facts.usage == TokenUsage(prompt: 3, completion: 4))
    let onContent = events(
      #"{"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#
    )
    #expect(chat.read(onContent + Chat.done).facts.usage == TokenUsage(prompt: 3, completion: 4))
    #expect(chat.read(head + Chat.done).facts.usage == nil)
    for stream in [head + Chat.usage, head + Chat.usageWithChoice, head + beside, onContent, head] {
      #expect(chat.outcome(stream + Chat.done) == .ok)
    }
  }

  @Test("with usage on every chunk the last one counts, and none if the stream was cut")
  func runningUsage() {
    let first = events(
      #"{"choices":[{"index":0,"delta":{"content":"x"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#)
    let last = events(
      #"{"choices":[{"index":0,"delta":{"content":"y"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#
    )
    #expect(chat.read(first + last).facts.usage == TokenUsage(prompt: 3, completion: 2))
    #expect(chat.read(first).facts.usage == nil)
  }

  @Test("an error chunk with choices, with empty choices, as the first event, and without [DONE]")
  func errorChunks() {
    let empty = events(#"{"id":"gen-1","error":{"code":502,"message":"Provider disconnected"},"choices":[]}"#)
    let litellm = events(#"{"error":{"message":"litellm.APIError…","code":"502"}}"#)
    let finishOnly = events(#"{"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}"#)
    let inChoice = events(
      #"{"choices":[{"index":0,"delta":{"content":""},"finish_reason":null,"error":{"code":502,"message":"m"}}]}"#)
    for error in [Chat.error, empty, litellm, finishOnly, inChoice] {
      for stream in [Chat.comment + error, Chat.li + error, Chat.li + error + Chat.done, Chat.li + error + Chat.finish]
      {
        #expect(chat.outcome(stream) == .errorInBody)
        // The SDK raises at the chunk and closes.
        #expect(chat.outcome(stream, .clientGone) == .errorInBody)
        #expect(chat.outcome(stream, .cut) == .errorInBody)
      }
    }
    #expect(chat.read(Chat.error).firstContentAt == nil)
    #expect(chat.read(Chat.li + Chat.error).facts.error == AnswerError(code: "502", type: "provider_unavailable"))
  }

  @Test("a clean end without a finish reason is incomplete")
  func noFinish() {
    #expect(chat.outcome(Chat.comment + Chat.li + Chat.ma) == .incomplete)
  }

  @Test("a missing [DONE] after the finish reason is ok")
  func noDone() {
    #expect(chat.outcome(Chat.li + Chat.finish + Chat.usage) == .ok)
    #expect(chat.read(Chat.li + Chat.finish).terminalAt == nil)
  }

  @Test("CRLF, CR and LF, also split between two reads, say the same", arguments: ["\r\n", "\r"])
  func lineEndings(lineEnd: String) {
    // A line feed after a carriage return must not pass for the blank line that ends an event.
    let severalLines = "data: {\"choices\":[{\"index\":0,\ndata: \"delta\":{\"content\":\"Li\"}}]}\n\n" + Chat.finish
    for stream in [Chat.stream, Messages.stream, Responses.stream, severalLines] {
      let endpoint: Endpoint =
        stream == Messages.stream ? .messages : stream == Responses.stream ? .responses : .chatCompletions
      let reading = AnswerCase(endpoint: endpoint)
      let other = stream.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: lineEnd)
      #expect(reading.read(other).facts == reading.read(stream).facts)
    }
  }

  @Test("a byte order mark, lines without a space or a colon, data in several lines, other fields")
  func oddEvents() {
    #expect(chat.read("\u{FEFF}" + Chat.stream).facts == chat.read(Chat.stream).facts)
    let stream =
      "id: 7\nretry: 10\ndata:{\"choices\":[{\"index\":0,\ndata:\"delta\":{\"content\":\"Li\"},\ndata\ndata: \"finish_reason\":\"stop\"}]}\nnothing\n\n"
    let facts = chat.read(stream + "data:[DONE]\n\n").facts
    #expect(facts.malformedEvents == 0)
    #expect(facts.sawContent && facts.finishReason == "stop" && facts.sawTerminal)
    #expect(facts.eventCount == 1)
  }

  @Test("an event whose data is an array begins like [DONE] and is read all the same")
  func arrayEvent() {
    let facts = chat.read(events(#"[{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT"}}]"#, "[]")).facts
    #expect(facts.error == AnswerError(code: "400", type: "INVALID_ARGUMENT"))
    #expect(facts.malformedEvents == 0 && facts.eventCount == 2 && !facts.sawTerminal)
  }

  @Test("events with empty data or only a name are keep-alives")
  func emptyEvents() {
    let facts = chat.read("data:\n\nevent: ping\n\ndata\n\n\n\n" + Chat.stream).facts
    #expect(facts == chat.read(Chat.stream).facts)
  }

  @Test("UTF-8 is not hurt by a cut within a character")
  func splitUTF8() {
    let answer = chat.read(
      events(#"{"id":"gén-日本-😀","model":"m","choices":[{"index":0,"delta":{"content":"日本😀"},"finish_reason":"stop"}]}"#)
    )
    #expect(answer.facts.id == "gén-日本-😀")
    #expect(answer.facts.sawContent)
  }

  @Test("an event of 5 MB is read in constant memory")
  func largeEvent() {
    let text = String(repeating: #"word \" \\ \n "#, count: 370_000)
    let stream = Array(
      events(#"{"id":"a","model":"m","choices":[{"index":0,"delta":{"content":"\#(text)"},"finish_reason":"stop"}]}"#)
        .utf8)
    #expect(stream.count > 5_000_000)
    let whole = chat.read(stream, cuts: [])
    #expect(whole.facts.sawContent && whole.facts.finishReason == "stop" && whole.facts.malformedEvents == 0)
    #expect(chat.read(stream, cuts: Array(stride(from: 0, to: stream.count, by: 8191))).facts == whole.facts)
    // Whatever has been read, the reader is a value of this size, with no storage that grows.
    #expect(MemoryLayout<AnswerReader>.size < 2048)
  }

  @Test("a JSON error under 200 on a stream request is an error in the body, whatever the head calls it")
  func jsonErrorOnStream() {
    for format in [AnswerFormat.eventStream, .json, .other] {
      let answer = AnswerCase(format: format)
      #expect(answer.outcome(#"{"error":{"code":502,"message":"m"}}"#, expectsStream: true) == .errorInBody)
      #expect(answer.read(#"{"error":{"code":502,"message":"m"}}"#).facts.format == .json)
    }
  }

  @Test("a whole JSON answer to a stream request is read, and incomplete as a stream")
  func jsonAnswerOnStream() {
    let answer = AnswerCase(format: .eventStream)
    #expect(answer.read(Chat.body).facts.format == .json)
    #expect(answer.read(Chat.body).facts.usage == TokenUsage(prompt: 21, completion: 4))
    #expect(answer.outcome(Chat.body, expectsStream: true) == .incomplete)
  }

  @Test("a stream under a JSON or plain content type is read as a stream")
  func streamAsJSON() {
    for format in [AnswerFormat.json, .other] {
      #expect(AnswerCase(format: format).outcome(Chat.li + Chat.finish + Chat.done, expectsStream: true) == .ok)
      #expect(AnswerCase(format: format).outcome(Chat.stream, expectsStream: true) == .ok)
    }
  }

  @Test("blank lines before a JSON body are keep-alives")
  func leadingSpace() {
    #expect(AnswerCase(format: .json).outcome("\n\n\n" + Chat.body) == .ok)
  }

  @Test("a client that closes right after [DONE] was ok, mid-stream it is gone")
  func clientCloses() {
    let bytes = Array(Chat.stream.utf8)
    for length in 0...bytes.count {
      let answer = chat.read(Array(bytes[..<length]), cuts: [])
      let ending = AttemptEnding(
        transport: .clientGone, status: 200, endpoint: .chatCompletions, answer: AnswerSigns(answer.facts),
        expectsStream: true)
      // The line feed after `[DONE]` may be missing: the SDK has seen it all the same.
      #expect(outcome(of: ending) == (length >= bytes.count - 2 ? .ok : .clientGone), "after \(length) bytes")
    }
  }

  @Test("the peer dying at every byte before [DONE] leaves an incomplete answer")
  func peerDies() {
    let bytes = Array(Chat.stream.utf8)
    for length in 0...bytes.count {
      let answer = chat.read(Array(bytes[..<length]), cuts: [])
      let ending = AttemptEnding(
        transport: .cut, status: 200, endpoint: .chatCompletions, answer: AnswerSigns(answer.facts), expectsStream: true
      )
      #expect(outcome(of: ending) == (length >= bytes.count - 2 ? .ok : .incomplete), "after \(length) bytes")
      #expect(answer.facts.malformedEvents == 0, "after \(length) bytes")
    }
  }

  @Test("an event without its blank line counts, and is noted")
  func unterminatedEvent() {
    let facts = chat.read(Chat.li + String(Chat.finish.dropLast(2))).facts
    #expect(facts.finishReason == "stop" && facts.endedWithinEvent)
    #expect(chat.outcome(Chat.li + String(Chat.finish.dropLast(2))) == .ok)
    #expect(chat.outcome(Chat.li + String(Chat.finish.dropLast(9))) == .incomplete)
    #expect(chat.read(Chat.li + Chat.finish + "data: [DONE]").facts.sawTerminal)
  }

  @Test("nothing after [DONE] counts")
  func afterDone() {
    #expect(chat.read(Chat.stream + Chat.error + "data: oops\n\n").facts == chat.read(Chat.stream).facts)
  }

  @Test("a response cache's answer with zero usage keeps its zeros")
  func cacheHit() {
    let body =
      #"{"id":"gen-1","choices":[{"index":0,"finish_reason":"stop","message":{"content":"Lima"}}],"usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0,"cost":0}}"#
    let facts = AnswerCase(format: .json).read(body).facts
    #expect(facts.usage == TokenUsage(prompt: 0, completion: 0))
    #expect(facts.reportedCost == 0)
    #expect(AnswerCase(format: .json).outcome(body) == .ok)
  }

  @Test("unknown fields, events and nesting pass")
  func unknown() {
    let odd = events(
      #"{"weather":{"choices":[{"delta":{"content":"no"}}],"error":{"code":1}},"choices":[{"index":0,"delta":{"x":[[{"content":"no"}]],"content":""}}],"debug":[{"error":{}}]}"#
    )
    let answer = chat.read("event: x.y\n" + odd + "whatever: z\n" + Chat.stream)
    #expect(answer.facts.error == nil)
    #expect(answer.firstContentIsAtEnd(of: "event: x.y\n" + odd + "whatever: z\n" + Chat.comment + Chat.li))
  }

  @Test("members in another order, with space and escapes in their keys, are the same")
  func otherOrder() {
    let event = events(
      #" { "usage" : {"completion_tokens":4 , "prompt_tokens":3} , "choices" : [ { "finish_reason" : "stop" , "d\u0065lta" : { "content" : "x" } , "index" : 0 } ] , "id" : "a" } "#
    )
    let facts = chat.read(event).facts
    #expect(facts.sawContent && facts.finishReason == "stop" && facts.id == "a")
    #expect(facts.usage == TokenUsage(prompt: 3, completion: 4))
  }
}
