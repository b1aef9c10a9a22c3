/// Sizes of pictures and videos in OpenRouter's words, and in those of whoever is asked in its place.

import Testing

@testable import Dialects

@Suite struct PictureShapeTests {
  private func facts(_ members: String) throws -> (RequestFacts, [UInt8]) {
    let body = Array(#"{"model":"m","prompt":"p"\#(members)}"#.utf8)
    return (try #require(RequestReader().read(body)), body)
  }

  private func shape(_ members: String) throws -> PictureShape {
    let (facts, body) = try facts(members)
    return PictureShape(facts, in: body.span.bytes)
  }

  @Test("pixels are pixels, sure words are pixels, and of the others nothing is guessed")
  func shapes() throws {
    #expect(try shape("") == .unsaid && shape(#","size":"auto""#) == .unsaid)
    #expect(try shape(#","size":"1024x1536""#) == .pixels(width: 1024, height: 1536))
    #expect(try shape(#","size":"1024*1536""#) == .pixels(width: 1024, height: 1536))
    #expect(try shape(#","aspect_ratio":"3:2""#) == .pixels(width: 1536, height: 1024))
    #expect(try shape(#","resolution":"1K""#) == .pixels(width: 1024, height: 1024))
    #expect(try shape(#","resolution":"720p","aspect_ratio":"16:9""#) == .pixels(width: 1280, height: 720))
    #expect(try shape(#","aspect_ratio":"3:2","size":"512x512""#) == .pixels(width: 512, height: 512))
    for words in [
      #","aspect_ratio":"16:9""#, #","resolution":"4K""#, #","size":"2K""#, #","size":"0x5""#, #","size":"1x2x3""#,
      #","size":"-1x5""#, #","resolution":"720p""#,
    ] {
      #expect(try shape(words) == .words, "\(words)")
    }
  }

  private func sent(_ members: String, _ form: PictureForm, only: [String]) throws -> String {
    let (facts, body) = try facts(members)
    let policy = BodyPolicy(dropping: [String](), withholdsPrivate: true, only: ["model", "prompt"] + only, form: form)
    let edited = BodyEdit.apply(facts.edits(model: nil, under: policy, in: body.span.bytes), to: body.span.bytes)
    #expect(RequestReader().read(edited) != nil, "what is sent is JSON")
    return String(decoding: edited, as: UTF8.self)
  }

  @Test("a size is said once, in the arm's words, where the first of the application's words stood")
  func forms() throws {
    let words = #","resolution":"1K","x":1,"aspect_ratio":"2:3""#
    #expect(try sent(words, .size, only: []) == #"{"model":"m","prompt":"p","size":"1024x1536"}"#)
    #expect(try sent(words, .imageSize, only: []) == #"{"model":"m","prompt":"p","image_size":"1024x1536"}"#)
    #expect(try sent(words, .widthHeight, only: []) == #"{"model":"m","prompt":"p","width":1024,"height":1536}"#)
    let both = #","resolution":"1K", "size":"512x512""#
    #expect(try sent(both, .size, only: ["size"]) == #"{"model":"m","prompt":"p","size":"512x512"}"#)
    #expect(try sent(both, .widthHeight, only: []) == #"{"model":"m","prompt":"p","width":512,"height":512}"#)
    #expect(try sent(#","size":"auto""#, .widthHeight, only: []) == #"{"model":"m","prompt":"p"}"#)
    #expect(try sent(#","size":"auto""#, .size, only: ["size"]) == #"{"model":"m","prompt":"p","size":"auto"}"#)
    let video = #","duration":8,"resolution":"720p","aspect_ratio":"9:16""#
    #expect(
      try sent(video, .sizeAndSeconds, only: []) == #"{"model":"m","prompt":"p","seconds":"8","size":"720x1280"}"#)
  }

  @Test("what not every arm has is told, and what costs is counted")
  func traits() throws {
    func traits(_ members: String, _ endpoint: Endpoint = .images) throws -> RequestTraits {
      let (facts, body) = try facts(members)
      return facts.mediaTraits(on: endpoint, in: body.span.bytes)
    }
    #expect(try traits("").isEmpty && traits(#","quality":"high","seed":7,"image":null"#).isEmpty)
    #expect(try traits(#","stream":true"#) == .pictureStream && traits(#","stream":true"#, .videos).isEmpty)
    #expect(try traits(#","input_references":[{"type":"image_url"}]"#) == .pictureReference)
    #expect(try traits(#","image_urls":["u"]"#) == .pictureReference && traits(#","input_references":[]"#).isEmpty)
    #expect(try traits(#","size":"1024x1024""#) == .pictureSize)
    #expect(try traits(#","aspect_ratio":"21:9""#) == .pictureShape)
    #expect(try traits(#","callback_url":"https://h""#, .videos) == .storedState)
    for odd in [
      #""n":0"#, #""n":-1"#, #""n":11"#, #""n":1e9"#, #""n":"many""#, #""duration":0"#, #""seconds":"100000""#,
    ] {
      #expect(try traits(",\(odd)") == .oddAmount, "\(odd)")
    }
    #expect(try traits(#","n":10"#).isEmpty && traits(#","n":null,"duration":"8s""#, .videos).isEmpty)
    let (asked, body) = try facts(#","n":3,"size":"1000x2000","duration":"8s""#)
    #expect(asked.mediaAmount(in: body.span.bytes) == MediaAmount(pictures: 3, megapixels: 2, seconds: 8))
  }
}
