/// Answers of the images endpoint, and the creation of videos.

import Testing

@testable import Dialects

@Suite("AnswerReader: pictures and videos")
struct PicturesAnswerTests {
  private let json = AnswerCase(endpoint: .images, format: .json)
  private let stream = AnswerCase(endpoint: .images)
  private let video = AnswerCase(endpoint: .videos, format: .json)

  private static let picture = #"{"b64_json":"iVBORw0KGgo=","media_type":"image/png"}"#

  private func event(_ name: String, _ members: String, isNamed: Bool = true) -> String {
    let data = #"data: {"type":"image_generation.\#(name)","b64_json":"iVBORw0KGgo="\#(members)}"#
    return (isNamed ? "event: image_generation.\(name)\n" : "") + data + "\n\n"
  }

  private var partial: String { event("partial_image", #","partial_image_index":0"#) }
  private var completed: String { event("completed", #","usage":{"input_tokens":12,"output_tokens":9,"cost":0.04}"#) }

  @Test("a list of pictures is read in each of its shapes, with what it cost")
  func lists() {
    for (list, count) in [
      (#""data":[\#(Self.picture)]"#, 1), (#""data":[\#(Self.picture),\#(Self.picture)]"#, 2),
      (#""data":[{"url":"https://h/x.png","b64_json":"aaaa","revised_prompt":"p"}]"#, 1),
      (#""images":[{"url":"https://h/x.png"}],"timings":{"inference":2.3}"#, 1),
      (#""images":["https://h/x.png","https://h/y.png"]"#, 2),
    ] {
      let answer = json.read(#"{"created":1,\#(list),"usage":{"prompt_tokens":12,"completion_tokens":9,"cost":0.04}}"#)
      #expect(answer.facts.pictures == count && answer.facts.sawPicture && answer.facts.sawTerminal, "\(list)")
      #expect(answer.facts.reportedCost == 0.04 && answer.facts.usage?.completion == 9)
      #expect(json.outcome(#"{\#(list)}"#) == .ok)
    }
  }

  @Test("an answer without a picture is empty, and an error is one under any status")
  func empty() {
    for list in [
      #""data":[]"#, #""data":null"#, #""data":[{}]"#, #""data":[{"b64_json":""}]"#, #""images":[]"#, #""x":1"#,
    ] {
      #expect(json.outcome(#"{"created":1,\#(list)}"#) == .empty, "\(list)")
    }
    #expect(json.outcome(#"{"error":{"message":"rejected by the safety system","code":"moderation_blocked"}}"#) != .ok)
    #expect(json.outcome(#"{"code":20012,"message":"Model does not exist.","data":null}"#) == .errorInBody)
    #expect(json.outcome(#"{"created":1,"data":[\#(Self.picture)]"#) == .incomplete)
    #expect(json.outcome(#"{"created":1,"data":[\#(Self.picture)]}"#, expectsStream: true) == .incomplete)
  }

  @Test("a stream's first picture is its first token, and the completed event its end")
  func streams() {
    let answer = stream.read(partial + completed + Chat.done)
    #expect(answer.firstContentAt == partial.utf8.count && answer.firstVisibleAt == partial.utf8.count)
    #expect(answer.terminalAt == (partial + completed).utf8.count)
    #expect(answer.facts.pictures == 1 && answer.facts.reportedCost == 0.04)
    for body in [completed, partial + completed, partial + partial + completed + Chat.done] {
      #expect(stream.outcome(body) == .ok)
    }
    #expect(stream.outcome(event("completed", "", isNamed: false)) == .ok)
    #expect(stream.outcome(partial) == .incomplete)
    #expect(stream.outcome(partial + Chat.done) == .incomplete)
    #expect(stream.outcome(Chat.done) == .incomplete)
    #expect(stream.outcome(partial, .cut) == .incomplete)
    #expect(stream.outcome(completed, .cut) == .ok)
    #expect(stream.outcome(completed, expectsStream: false) == .incomplete)
  }

  @Test("a stream of several pictures is over with the last that was asked for, or where the arm says so")
  func several() {
    var stream = stream
    stream.askedPictures = 2
    let two = completed + completed
    #expect(stream.read(completed).terminalAt == nil)
    #expect(stream.read(two).terminalAt == two.utf8.count)
    #expect(stream.read(two).facts.pictures == 2)
    #expect(stream.outcome(completed + Chat.done) == .ok)
    #expect(stream.outcome(completed) == .ok)
    #expect(stream.outcome(completed, .cut) == .incomplete)
  }

  @Test("an error event is an error, whatever came before it")
  func errors() {
    let error = #"data: {"type":"error","error":{"code":502,"message":"Provider disconnected"}}"# + "\n\n"
    for body in [error, partial + error, partial + "event: error\n" + error, partial + error + Chat.done] {
      #expect(stream.outcome(body) == .errorInBody)
    }
    #expect(stream.outcome(partial + event("failed", "")) == .errorInBody)
  }

  @Test("a video is on its way when its job has an id, whatever the job does next")
  func videos() {
    for (status, outcome) in [
      ("pending", Outcome.ok), ("queued", .ok), ("in_progress", .ok), ("processing", .ok), ("completed", .ok),
      ("failed", .errorInBody),
    ] {
      let body = #"{"id":"vid_01","polling_url":"https://h/api/v1/videos/vid_01","status":"\#(status)"}"#
      #expect(video.outcome(body) == outcome, "\(status)")
      #expect(video.read(body).facts.finishReason == nil && video.read(body).facts.id == "vid_01")
    }
    #expect(video.outcome(#"{"status":"pending"}"#) == .empty)
    #expect(video.outcome(#"{"id":"vid_01","status"#) == .incomplete)
    #expect(video.outcome(#"{"error":{"message":"no"}}"#) == .errorInBody)
    #expect(video.outcome(#"{"id":"v","status":"completed","usage":{"cost":0.42}}"#) == .ok)
    #expect(video.read(#"{"id":"v","status":"completed","usage":{"cost":0.42}}"#).facts.reportedCost == 0.42)
    #expect(video.read(#"{"id":"v","outputs":{"cost":0.42,"video_url":"u"}}"#).facts.reportedCost == 0.42)
  }
}
