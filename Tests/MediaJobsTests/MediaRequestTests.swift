/// What an application asks for, said in each vendor's words, or not at all.

import Dialects
import Testing
import Vendors

@testable import MediaJobs

struct MediaRequestTests {
  private func chat(_ text: String) throws(Untranslatable) -> MediaRequest { try MediaRequest(chat: Array(text.utf8)) }

  private static let picture = #"""
    {"model":"google/gemini-2.5-flash-image","modalities":["image","text"],"image_config":{"aspect_ratio":"16:9","image_size":"2K"},
     "seed":7,"messages":[{"role":"system","content":"Soft colours."},{"role":"user","content":[{"type":"text","text":"A \"red\" kite"},
     {"type":"image_url","image_url":{"url":"https://example.org/ref.png"}}]}]}
    """#

  private func body(_ text: String, _ vendor: String, model: String, _ changes: JobSubmission.Changes = .init())
    throws -> (path: String, body: String)
  {
    let form = try #require(Vendor.named(vendor)?.jobs?.pictures)
    let made = try JobSubmission(try chat(text), form, model: model, changes)
    return (made.path, String(decoding: made.body, as: UTF8.self))
  }

  @Test func `Replicate is asked in its own words`() throws {
    let (path, body) = try body(Self.picture, "replicate", model: "google/nano-banana")
    #expect(path == "/v1/models/google/nano-banana/predictions")
    #expect(
      body
        == #"{"input":{"prompt":"Soft colours.\n\nA \"red\" kite","image_input":["https://example.org/ref.png"],"aspect_ratio":"16:9","resolution":"2K","seed":7}}"#
    )
  }

  @Test func `fal is asked in its own words`() throws {
    let (path, body) = try body(Self.picture, "fal", model: "fal-ai/flux/dev")
    #expect(path == "/fal-ai/flux/dev")
    #expect(
      body
        == #"{"prompt":"Soft colours.\n\nA \"red\" kite","image_urls":["https://example.org/ref.png"],"aspect_ratio":"16:9","resolution":"2K","seed":7}"#
    )
  }

  @Test func `WaveSpeed is asked in its own words`() throws {
    let (path, body) = try body(Self.picture, "wavespeed", model: "wavespeed-ai/z-image/turbo")
    #expect(path == "/api/v3/wavespeed-ai/z-image/turbo")
    #expect(body.contains(#""images":["https://example.org/ref.png"],"aspect_ratio":"16:9""#))
  }

  @Test func `EvoLink is asked in its own words`() throws {
    let (path, body) = try body(Self.picture, "evolink", model: "gpt-image-1.5")
    #expect(path == "/v1/images/generations")
    #expect(
      body
        == #"{"model":"gpt-image-1.5","prompt":"Soft colours.\n\nA \"red\" kite","image_urls":["https://example.org/ref.png"],"size":"16:9","quality":"2K","seed":7}"#
    )
  }

  @Test func `GrsAi is asked in its own words`() throws {
    let (path, body) = try body(Self.picture, "grsai", model: "nano-banana-fast")
    #expect(path == "/v1/draw/nano-banana")
    #expect(
      body
        == #"{"webHook":"-1","shutProgress":true,"model":"nano-banana-fast","prompt":"Soft colours.\n\nA \"red\" kite","urls":["https://example.org/ref.png"],"aspectRatio":"16:9","imageSize":"2K"}"#
    )
  }

  @Test func `The playbook's words for a model go before the vendor's, and a name that means one picture gets one`()
    throws
  {
    let changes = JobSubmission.Changes(drop: ["seed"], rename: ["image_input": "image", "resolution": "size"])
    let (_, body) = try body(Self.picture, "replicate", model: "m/x", changes)
    #expect(body.contains(#""image":"https://example.org/ref.png","aspect_ratio":"16:9","size":"2K"}}"#))
  }

  @Test(arguments: [
    "../../v1/account", "a/b?x=1", "a/b#c", "a b", "a/./b", "a\r\nX: y", "%2e%2e/account", "a//b", "/a", "é/b",
  ])
  func `A model's id cannot lead to another path`(model: String) throws {
    let form = try #require(Vendor.named("fal")?.jobs?.pictures)
    let media = try chat(Self.picture)
    #expect(throws: Untranslatable.modelUnmapped) { try JobSubmission(media, form, model: model) }
  }

  struct Refusal: CustomTestStringConvertible, Sendable {
    var request: String
    var reason: Untranslatable
    var testDescription: String { request }
  }

  private static let refusals: [Refusal] = [
    Refusal(request: #"{"modalities":["text"],"messages":[{"role":"user","content":"x"}]}"#, reason: .endpointAbsent),
    Refusal(
      request: #"{"modalities":["image","audio"],"messages":[{"role":"user","content":"x"}]}"#, reason: .contentPart),
    Refusal(
      request: #"{"modalities":["image"],"n":2,"messages":[{"role":"user","content":"x"}]}"#, reason: .severalChoices),
    Refusal(
      request: #"{"modalities":["image"],"n":"3","messages":[{"role":"user","content":"x"}]}"#,
      reason: .severalChoices),
    Refusal(
      request: #"{"modalities":["image"],"n":2.0,"messages":[{"role":"user","content":"x"}]}"#,
      reason: .severalChoices),
    Refusal(
      request: #"{"modalities":["image"],"tools":[{"type":"function"}],"messages":[{"role":"user","content":"x"}]}"#,
      reason: .schemaNotExpressible),
    Refusal(
      request:
        #"{"modalities":["image"],"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"},{"role":"user","content":"z"}]}"#,
      reason: .endpointAbsent),
    Refusal(
      request: #"{"modalities":["image"],"messages":[{"role":"user","content":[{"type":"file","file":{}}]}]}"#,
      reason: .contentPart),
    Refusal(request: #"{"modalities":["image"],"messages":[{"role":"user","content":"  "}]}"#, reason: .unreadable),
    Refusal(request: #"{"modalities":["image"],"messages":[]}"#, reason: .endpointAbsent),
    Refusal(request: #"nonsense"#, reason: .unreadable),
  ]

  @Test(arguments: refusals)
  func `What a vendor of pictures cannot do stays away from it`(refusal: Refusal) {
    #expect(throws: refusal.reason) { try chat(refusal.request) }
  }

  @Test func `A picture that is sent along stays away from a vendor that takes addresses only`() throws {
    let text =
      #"{"modalities":["image"],"messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}]}]}"#
    let form = try #require(Vendor.named("evolink")?.jobs?.pictures)
    let media = try chat(text)
    #expect(throws: Untranslatable.contentPart) { try JobSubmission(media, form, model: "m") }
  }

  @Test(arguments: [#""n":0"#, #""n":1000000000"#, #""n":1.5"#, #""n":"2""#])
  func `Pictures that nobody makes are asked of no vendor`(_ member: String) {
    #expect(throws: Untranslatable.schemaNotExpressible) {
      try MediaRequest(images: Array(#"{"prompt":"x",\#(member)}"#.utf8))
    }
  }

  @Test(arguments: ["0", "-8", "\"1e9\"", "\"long\""])
  func `A video of no length, or of none that ends, is asked of no vendor`(_ duration: String) {
    #expect(throws: Untranslatable.schemaNotExpressible) {
      try MediaRequest(video: Array(#"{"prompt":"x","duration":\#(duration)}"#.utf8))
    }
  }

  @Test func `An images request is asked with its size as a ratio where the vendor knows only those`() throws {
    let text = #"{"model":"m","prompt":"a kite","size":"1536x1024","n":2,"output_format":"webp","quality":"high"}"#
    let media = try MediaRequest(images: Array(text.utf8))
    let form = try #require(Vendor.named("replicate")?.jobs?.pictures)
    let made = try JobSubmission(media, form, model: "a/b")
    #expect(
      String(decoding: made.body, as: UTF8.self)
        == #"{"input":{"prompt":"a kite","aspect_ratio":"3:2","num_outputs":2,"output_format":"webp"}}"#)
    let odd = try MediaRequest(images: Array(#"{"prompt":"x","size":"1000x317"}"#.utf8))
    #expect(throws: Untranslatable.schemaNotExpressible) { try JobSubmission(odd, form, model: "a/b") }
  }

  @Test(arguments: [#"[{"image_url":{"url":"https://x.example/a.png"},"frame_type":"first_frame"}]"#, #""x""#])
  func `A video's first and last frames are told to no vendor, and so it is asked of none`(_ frames: String) {
    #expect(throws: Untranslatable.contentPart) {
      try MediaRequest(video: Array(#"{"prompt":"x","frame_images":\#(frames)}"#.utf8))
    }
  }

  @Test(arguments: ["[]", "null"])
  func `No frames are no frames`(_ frames: String) throws {
    _ = try MediaRequest(video: Array(#"{"prompt":"x","frame_images":\#(frames)}"#.utf8))
  }

  @Test func `A video is asked for with its seconds`() throws {
    let media = try MediaRequest(
      video: Array(#"{"model":"m","prompt":"waves","duration":5,"aspect_ratio":"9:16"}"#.utf8))
    let form = try #require(Vendor.named("evolink")?.jobs?.videos)
    let made = try JobSubmission(media, form, model: "seedance")
    #expect(
      String(decoding: made.body, as: UTF8.self)
        == #"{"model":"seedance","prompt":"waves","aspect_ratio":"9:16","duration":5}"#)
  }
}

struct Base64WriterTests {
  @Test func `Whatever the pieces, the text is that of the whole`() {
    let bytes = (0..<97).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
    var whole = Base64Writer()
    let expected = whole.write(bytes.span.bytes) + whole.end()
    for cut in 0...bytes.count {
      var writer = Base64Writer()
      let (first, second) = (Array(bytes[..<cut]), Array(bytes[cut...]))
      #expect(writer.write(first.span.bytes) + writer.write(second.span.bytes) + writer.end() == expected)
    }
    #expect(String(decoding: expected.prefix(8), as: UTF8.self) == "CzBVep/E")
  }

  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
  ])
  func `The examples of RFC 4648 hold`(text: String, expected: String) {
    var writer = Base64Writer()
    let bytes = Array(text.utf8)
    #expect(String(decoding: writer.write(bytes.span.bytes) + writer.end(), as: UTF8.self) == expected)
  }
}

struct MediaAnswerTests {
  private func text(_ form: MediaRequest.Form, pictures: Int, cost: Double?) -> String {
    var answer = MediaAnswer(form, model: "m\"x", id: "gen-1", created: 1_795_360_004)
    var out = answer.start()
    for _ in 0..<pictures { out += answer.open(type: "image/png") + Array("AAAA".utf8) + answer.close() }
    return String(decoding: out + answer.end(cost: cost), as: UTF8.self)
  }

  @Test func `A chat's answer has its pictures where OpenRouter's has them`() {
    #expect(
      text(.chat, pictures: 1, cost: 0.04)
        == #"{"id":"gen-1","object":"chat.completion","created":1795360004,"model":"m\"x","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"","images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}}],"usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0,"cost":0.04}}"#
    )
  }

  @Test func `A stream's answer is whole events with an end`() {
    let events = text(.chatStream, pictures: 2, cost: nil).components("\n\n")
    #expect(events.count == 4)
    #expect(events.allSatisfy { $0.hasPrefix("data: ") && !$0.contains("\n") })
    #expect(events[0].contains(#""url":"data:image/png;base64,AAAA"}},{"type""#))
    #expect(events[1].contains(#""finish_reason":"stop""#))
    #expect(events[3] == "data: [DONE]")
  }

  @Test func `An images answer is OpenRouter's`() {
    #expect(
      text(.images(links: false), pictures: 2, cost: nil)
        == #"{"created":1795360004,"data":[{"media_type":"image/png","b64_json":"AAAA"},{"media_type":"image/png","b64_json":"AAAA"}],"usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}"#
    )
  }
}

extension String {
  fileprivate func components(_ separator: String) -> [String] {
    split(separator: separator, omittingEmptySubsequences: true).map(String.init)
  }
}
