/// Pictures, sounds and vectors: answers that are not text.

import Testing

@testable import Dialects

@Suite("AnswerReader: media")
struct MediaAnswerTests {
  private let json = AnswerCase(format: .json)

  private func delta(_ delta: String, _ finish: String = "null") -> String {
    events(#"{"choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]}"#)
  }

  private func body(_ message: String, _ finish: String = #""stop""#) -> String {
    #"{"choices":[{"index":0,"message":\#(message),"finish_reason":\#(finish)}]}"#
  }

  private var stop: String { delta("{}", #""stop""#) }

  @Test("a picture or a sound that was asked for is the answer, whatever is said beside it")
  func media() {
    let picture = #""images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBOR"}}]"#
    let sound = #""audio":{"id":"a","data":"AAAA","transcript":"Hello"}"#
    let pictures = AnswerCase(format: .json, asked: .pictures)
    #expect(pictures.outcome(body(#"{"content":"Here it is.",\#(picture)}"#)) == .ok)
    #expect(pictures.outcome(body(#"{"content":null,\#(picture)}"#)) == .ok)
    #expect(json.outcome(body(#"{"content":null,\#(picture)}"#)) == .ok)
    #expect(pictures.outcome(body(#"{"content":"Here it is."}"#)) == .empty)
    #expect(pictures.outcome(body(#"{"content":"Here it is.","images":[]}"#)) == .empty)
    #expect(pictures.outcome(body(#"{"content":null,"refusal":"I cannot."}"#)) == .ok)
    #expect(pictures.outcome(body(#"{"content":"No."}"#, #""content_filter""#)) == .rejected)
    let sounds = AnswerCase(format: .json, asked: .sound)
    #expect(sounds.outcome(body(#"{"content":null,\#(sound)}"#)) == .ok)
    #expect(sounds.outcome(body(#"{"content":"Hello"}"#)) == .empty)
    let streamed = AnswerCase(asked: .pictures)
    #expect(streamed.outcome(delta(#"{"content":"Here",\#(picture)}"#) + stop + Chat.done) == .ok)
    #expect(streamed.outcome(delta(#"{"content":"Here"}"#) + stop + Chat.done) == .empty)
    let part = #"{"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBOR"}}]}"#
    #expect(pictures.outcome(body(part)) == .ok)
    let item = #"{"status":"completed","output":[{"type":"image_generation_call","result":"iVBOR"}]}"#
    #expect(AnswerCase(endpoint: .responses, format: .json, asked: .pictures).outcome(item) == .ok)
    let block = #"{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBOR"}}"#
    let message = #"{"type":"message","content":[\#(block)],"stop_reason":"end_turn"}"#
    #expect(AnswerCase(endpoint: .messages, format: .json).outcome(message) == .ok)
  }

  @Test("huggingface/text-embeddings-inference#51: nulls are no embedding")
  func embeddings() {
    let embeddings = AnswerCase(endpoint: .embeddings, format: .json)
    for vector in ["[null,null]", "[]", "null", "\"\"", "[\"a\"]", "[true]"] {
      #expect(embeddings.outcome(#"{"data":[{"object":"embedding","embedding":\#(vector)}]}"#) == .empty, "\(vector)")
    }
    for vector in ["[ 0.5, null]", "[-1]", "\"AACAPw==\"", "[1,[2],{\"a\":3}]"] {
      #expect(embeddings.outcome(#"{"data":[{"embedding":\#(vector),"index":0}],"model":"m"}"#) == .ok, "\(vector)")
    }
  }
}
