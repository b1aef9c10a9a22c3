/// What applications read of an answer, and what they do not: shapes seen in the field, each with its source.

import Testing

@testable import Dialects

@Suite("AnswerReader: as applications read")
struct ApplicationsReadTests {
  private let chat = AnswerCase()
  private let json = AnswerCase(format: .json)

  private func delta(_ delta: String, _ finish: String = "null", index: Int = 0, beside: String = "") -> String {
    events(
      #"{"id":"x","model":"m","choices":[{"index":\#(index),\#(beside)"delta":\#(delta),"finish_reason":\#(finish)}]}"#)
  }

  private func body(_ message: String, _ finish: String = #""stop""#, usage: String = "null") -> String {
    #"{"choices":[{"index":0,"message":\#(message),"finish_reason":\#(finish)}],"usage":\#(usage)}"#
  }

  private var stop: String { delta("{}", #""stop""#) }

  @Test("[DONE] ends an envelope: QuantumNous/new-api#7066 writes it behind what it was cut off from")
  func doneWithoutFinish() {
    let call = delta(#"{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{\"q\": \"li"}}]}"#)
    for begun in [Chat.li, Chat.li + Chat.usage, call, ""] {
      for transport in [TransportEnd.complete, .cut, .clientGone, .timedOut] {
        #expect(chat.outcome(begun + Chat.done, transport) == .incomplete)
      }
    }
    #expect(chat.outcome(Chat.li + stop) == .ok)
  }

  @Test("[DONE] is nobody's last event who has one of his own")
  func doneInPlaceOfTheLastEvent() {
    let responses = AnswerCase(endpoint: .responses)
    let messages = AnswerCase(endpoint: .messages)
    let stopped = String(Messages.stream.split(separator: "event: message_stop")[0])
    for transport in [TransportEnd.complete, .cut, .clientGone, .timedOut] {
      #expect(responses.outcome(Responses.created + Responses.text + Chat.done, transport) == .incomplete)
      #expect(messages.outcome(stopped + Chat.done, transport) == .incomplete)
    }
    #expect(responses.outcome(Responses.stream + Chat.done) == .ok)
    #expect(messages.outcome(Messages.stream + Chat.done) == .ok)
  }

  @Test("a finish reason of one choice is none of the others, where several were asked for")
  func everyChoice() {
    let two = delta(#"{"content":"a"}"#) + delta(#"{"content":"b"}"#, index: 1) + delta("{}", #""stop""#)
    #expect(AnswerCase(tellsChoicesApart: true).outcome(two + Chat.done) == .incomplete)
    #expect(chat.outcome(two + Chat.done) == .ok)
  }

  @Test("with one choice asked for, an index that counts the chunks is no other choice")
  func countingIndex() {
    let stream = (0..<12).map { delta(#"{"content":"w\#($0)"}"#, $0 == 11 ? #""stop""# : "null", index: $0) }.joined()
    #expect(chat.outcome(stream + Chat.done) == .ok)
    #expect(!chat.read(stream).facts.hasUnfinishedChoice)
  }

  @Test("ggml-org/llama.cpp#16104: an error as a field of the event stream")
  func errorField() {
    let fault = "error: {\"code\":500,\"message\":\"failed to decode the batch\",\"type\":\"server_error\"}\n\n"
    for stream in [fault, Chat.li + fault, Chat.li + fault + Chat.done, Chat.comment + fault + Chat.stream] {
      #expect(chat.outcome(stream) == .errorInBody)
      #expect(chat.outcome(stream, .cut) == .errorInBody)
      #expect(chat.read(stream).facts.error == AnswerError(code: "500", type: "server_error"))
    }
    #expect(chat.outcome("error:out of memory\n\n") == .errorInBody)
    #expect(chat.read(Chat.li + fault).errorAt == (Chat.li + fault).utf8.count)
  }

  @Test("duolahypercho/codex-router#837: an error event with its type twice")
  func typeTwice() {
    let responses = AnswerCase(endpoint: .responses)
    let error = events(#"{"type":"error","message":"in-stream error","type":null,"param":null,"code":"500"}"#)
    #expect(responses.outcome(Responses.created + Responses.text + error) == .errorInBody)
    // Whoever takes the last one sees no terminal event.
    let completed = #"{"type":"response.completed","type":null,"response":{"status":"completed"}}"#
    #expect(responses.outcome(Responses.created + Responses.text + events(completed)) == .incomplete)
    let last = #"{"type":null,"type":"response.completed","response":{"id":"resp_01","status":"completed"}}"#
    #expect(responses.outcome(Responses.created + Responses.text + events(last)) == .ok)
  }

  @Test("openclaw/openclaw#37571: Anthropic's data without event names reaches no application")
  func unnamedEvents() {
    let messages = AnswerCase(endpoint: .messages)
    let bare = Messages.stream.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("event:") }.joined(separator: "\n")
    let answer = messages.read(bare)
    #expect(messages.outcome(bare) == .incomplete)
    #expect(answer.firstContentAt == nil && answer.terminalAt == nil && answer.facts.malformedEvents == 0)
    #expect(messages.outcome(bare.replacing("data: {\"type\":\"message_stop\"}", with: "data: oops")) == .errorInBody)
    // An error is one under any name or none.
    let error = events(#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#)
    #expect(messages.outcome(Messages.start + error) == .errorInBody)
    #expect(messages.outcome(Messages.stream.replacing("event: message_stop", with: "event: message")) == .incomplete)
  }

  @Test("chen-006/meow-llm-detector#14: of two responses in one stream the last is the answer")
  func twoResponses() {
    let responses = AnswerCase(endpoint: .responses)
    func created(_ id: String) -> String {
      events(#"{"type":"response.created","response":{"id":"\#(id)","status":"in_progress","model":"m","output":[]}}"#)
    }
    func ended(_ id: String, _ how: String, _ more: String = "") -> String {
      events(#"{"type":"response.\#(how)","response":{"id":"\#(id)","status":"\#(how)","model":"m"\#(more)}}"#)
    }
    let space = events(#"{"type":"response.output_text.delta","output_index":0,"delta":" "}"#)
    let text = events(#"{"type":"response.output_text.delta","output_index":0,"delta":"Mongolia"}"#)
    let usage = #","usage":{"input_tokens":10,"output_tokens":5,"total_tokens":15}"#
    let ghost = created("resp-0") + space
    let real = created("resp_1") + text + ended("resp_1", "completed", usage)
    let failed = ended("resp-0", "failed", #","error":{"code":"server_error","message":"no capacity"}"#)
    let answer = responses.read(ghost + real)
    #expect(answer.facts.id == "resp_1" && answer.facts.usage == TokenUsage(prompt: 10, completion: 5))
    #expect(answer.firstContentAt == (ghost + created("resp_1") + text).utf8.count)
    #expect(responses.outcome(ghost + real) == .ok)
    #expect(responses.outcome(ghost + failed) == .errorInBody)
    #expect(responses.outcome(ghost + failed + real) == .ok)
    #expect(responses.outcome(ghost + created("resp_1") + text) == .incomplete)
    #expect(responses.outcome(ghost + created("resp_1") + ended("resp_1", "completed")) == .empty)
    // The same response announced again is the same one.
    #expect(responses.outcome(ghost + created("resp-0") + ended("resp-0", "completed")) == .ok)
  }

  @Test("64bit/async-openai#424: reasoning that only usage tells of, shown or not, decides nothing")
  func reasoningSpent() {
    let spent = #"{"prompt_tokens":40,"completion_tokens":256,"completion_tokens_details":{"reasoning_tokens":256}}"#
    let plain = #"{"prompt_tokens":40,"completion_tokens":256}"#
    let inTotal = #"{"prompt_tokens":6,"completion_tokens":0,"total_tokens":22}"#
    let hidden = #"{"role":"assistant","content":"","refusal":null,"annotations":[]}"#
    let shown = #"{"role":"assistant","content":"","reasoning":"Let me think."}"#
    for usage in [spent, plain, inTotal] { #expect(json.outcome(body(hidden, #""length""#, usage: usage)) == .ok) }
    for finish in [#""stop""#, #""length""#] {
      #expect(json.outcome(body(hidden, finish, usage: spent)) == .ok)
      #expect(json.outcome(body(shown, finish, usage: plain)) == .ok)
    }
    #expect(json.outcome(body(hidden, usage: plain)) == .empty)
    #expect(json.outcome(body(hidden, #""length""#)) == .empty)
    let stream = delta(#"{"content":""}"#) + delta("{}", #""length""#)
    let usage = events(#"{"choices":[],"usage":\#(spent)}"#)
    #expect(chat.outcome(stream + usage + Chat.done) == .ok)
    #expect(chat.outcome(stream + Chat.done) == .empty)
    #expect(chat.read(stream + usage + Chat.done).firstContentAt == nil)
    let messages = AnswerCase(endpoint: .messages, format: .json)
    #expect(
      messages.outcome(
        #"{"type":"message","content":[],"stop_reason":"max_tokens","usage":{"input_tokens":4,"output_tokens":64}}"#)
        == .ok)
  }

  @Test("CangShui/workbuddy-gateway#3: a stub of a function call is none, and a tool call has a name")
  func stubs() {
    let stubs = [
      #"{"function_call":{"name":"","arguments":""}}"#, #"{"function_call":{}}"#, #"{"tool_calls":[{}]}"#,
      #"{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"","arguments":"{}"}}]}"#,
      #"{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}"#, #"{"tool_calls":[null]}"#,
      #"{"tool_calls":[""]}"#,
      #"{"images":[{}]}"#, #"{"images":[{"type":"image_url","image_url":{"url":""}}]}"#, #"{"audio":{}}"#,
      #"{"audio":{"id":"a","transcript":"","data":""}}"#, #"{"reasoning_details":[{}]}"#, #"{"content":[{}]}"#,
      #"{"content":[{"type":"image_url","image_url":{}}]}"#, #"{"content":[{"type":"text"}]}"#,
    ]
    for stub in stubs {
      #expect(chat.outcome(delta(stub) + stop + Chat.done) == .empty, "\(stub)")
      #expect(json.outcome(body(stub)) == .empty, "\(stub)")
      #expect(chat.read(delta(stub)).firstContentAt == nil, "\(stub)")
    }
    let named = delta(#"{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":""}}]}"#)
    #expect(chat.outcome(named + delta(stubs[0]) + delta("{}", #""tool_calls""#) + Chat.done) == .ok)
    let block = #"{"type":"message","content":[{"type":"tool_use","name":"","input":{}}],"stop_reason":"tool_use"}"#
    #expect(AnswerCase(endpoint: .messages, format: .json).outcome(block) == .empty)
    let item = #"{"status":"completed","output":[{"type":"function_call","name":"","arguments":"{}"}]}"#
    #expect(AnswerCase(endpoint: .responses, format: .json).outcome(item) == .empty)
  }

  @Test("an empty container of an error is none")
  func emptyErrors() {
    for error in ["{}", "[]", "null", "\"\"", "false", "0"] {
      #expect(
        json.outcome(#"{"error":\#(error),"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]}"#) == .ok)
      let event = #"{"error":\#(error),"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}"#
      #expect(chat.outcome(events(event)) == .ok)
    }
    for error in [#"[{"code":1}]"#, #"["gone"]"#, #"{"message":"m"}"#] {
      #expect(json.outcome(#"{"error":\#(error),"choices":[]}"#) == .errorInBody)
    }
  }

  @Test("BerriAI/litellm#8675, ENTERPILOT/GoModel#1068: beside a delta, text and a last message say nothing more")
  func otherPlaces() {
    let text = #""text":"a","#
    let last = events(#"{"choices":[{"index":0,"message":{"content":"all of it"},"finish_reason":"stop"}]}"#)
    #expect(chat.outcome(delta(#"{"content":"a"}"#, beside: text) + stop) == .ok)
    #expect(chat.outcome(delta(#"{"content":"a"}"#) + last) == .ok)
    // An application that reads deltas has got nothing.
    #expect(chat.outcome(delta(#"{"content":""}"#, beside: text) + stop) == .empty)
    #expect(chat.outcome(delta(#"{"role":"assistant"}"#) + last) == .empty)
    #expect(chat.outcome(last) == .ok)
    #expect(chat.outcome(events(#"{"choices":[{"index":0,"text":"a","finish_reason":"stop"}]}"#)) == .ok)
    #expect(json.outcome(#"{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}"#) == .empty)
    let legacy = AnswerCase(endpoint: .completions)
    #expect(legacy.outcome(delta(#"{"content":""}"#, #""stop""#, beside: text)) == .ok)
    #expect(legacy.outcome(delta(#"{"content":"a"}"#, #""stop""#, beside: #""text":"","#)) == .empty)
  }

  @Test("an answer in another dialect is none")
  func otherDialects() {
    #expect(json.outcome(Messages.body) == .empty)
    #expect(AnswerCase(endpoint: .messages, format: .json).outcome(Chat.body) == .empty)
    #expect(AnswerCase(endpoint: .responses, format: .json).outcome(Chat.body) == .empty)
    #expect(json.outcome(#"{"status":"ok"}"#) == .empty)
    #expect(json.outcome("<!doctype html><html></html>") == .incomplete)
    #expect(AnswerCase(format: .other).outcome("") == .incomplete)
  }

  @Test("langchain-ai/langchain#18977: Azure's chunk without choices first, and one without a delta after the finish")
  func azure() {
    let first = events(#"{"choices":[],"created":0,"id":"","model":"","prompt_filter_results":[{"prompt_index":0}]}"#)
    let late = events(#"{"id":"","model":"","choices":[{"finish_reason":null,"index":0,"content_filter_offsets":{}}]}"#)
    for end in ["", Chat.done] {
      #expect(chat.outcome(first + Chat.li + stop + late + end) == .ok)
      #expect(chat.read(first + Chat.li + stop + late + end).facts.model == "anthropic/claude-opus-4.7")
    }
  }

  @Test("Prism-Shadow/agenthub#174: keep-alives as data are no content in any dialect")
  func keepAlives() {
    let beat = events(#"{"type":"keepalive","sequence_number":1}"#)
    #expect(chat.read(beat + beat + Chat.li).firstContentIsAtEnd(of: beat + beat + Chat.li))
    #expect(chat.outcome(beat + Chat.stream) == .ok)
    #expect(AnswerCase(endpoint: .messages).outcome("event: keepalive\n" + beat + Messages.stream) == .ok)
    #expect(AnswerCase(endpoint: .responses).outcome(Responses.created + beat + Responses.stream) == .ok)
  }

  @Test("line separators of Unicode end no line")
  func lineSeparators() {
    let text = "One\u{2028}two\u{85}three\u{2029}four\u{0B}".replacing("\u{0B}", with: "\\u000b")
    let stream = delta(#"{"content":"\#(text)"}"#, #""stop""#)
    #expect(chat.outcome(stream + Chat.done) == .ok)
    #expect(chat.read(stream).facts.malformedEvents == 0)
  }

  @Test("an error is told as soon as it is read")
  func errorProgress() {
    #expect(chat.read(Chat.comment + Chat.error).errorAt == (Chat.comment + Chat.error).utf8.count)
    #expect(json.read(#"{"error":{"code":502}}"#).errorAt == 22)
    #expect(chat.read(Chat.stream).errorAt == nil)
  }
}
