/// Pictures and videos of hosts whose shapes differ from OpenAI's in some places.

extension MediaRow {
  /// Together: pictures tell their type, a video's cost stands beside its address.
  static let together = MediaRow(
    prefixes: ["/v1", "/v2", ""], services: [togetherImages, togetherVideos],
    errors: .openAI(unknown: "Unrecognized field: <field>", code: "invalid_request"))

  private static let togetherImages: MediaService = {
    var images = MediaService.openAIImages(
      params: MediaParams(
        required: ["model", "prompt"],
        forms: [
          "model": .text, "prompt": .text, "n": .whole(1...4), "width": .whole(64...2048), "height": .whole(64...2048),
          "steps": .whole(1...100), "seed": .whole(Int(Int32.min)...Int(Int32.max)), "image_url": .text,
          "response_format": .words(["base64", "b64_json", "url"]), "output_format": .words(["jpeg", "png"]),
        ], sizing: [.sides(width: "width", height: "height")], count: "n"),
      encoding: .asked("response_format", "base64"))
    images.item = #"{"index":<index>,"type":"url","url":"<url>"}"#
    images.encodedItem = #"{"index":<index>,"type":"b64_json","b64_json":"<base64>"}"#
    images.states[.succeeded] = MediaReply(#"{"id":"<id>","object":"list","model":"<model>","data":<items>}"#)
    return images
  }()

  private static let togetherVideos = MediaService.openAIVideos(
    words: .init("in_progress", "in_progress", "completed", "failed", "failed"),
    params: MediaParams(
      required: ["model", "prompt"], forms: ["model": .text, "prompt": .text, "seconds": .text],
      sizing: [.sides(width: "width", height: "height")], seconds: "seconds"),
    // The client's type is a whole number.
    outputs: [.video: #","outputs":{"cost":<length>,"video_url":<first>}"#])

  /// SiliconFlow: `images`, not `data`.
  static let siliconFlow = MediaRow(
    prefixes: ["/v1", ""], services: [siliconFlowImages],
    errors: MediaErrors(
      unauthorized: MediaReply(401, #""Invalid token""#), notFound: MediaReply(404, #""404 page not found""#),
      missing: coded(20015, "The parameter <field> is required"), unknown: coded(20015, "Unknown parameter: <field>"),
      value: coded(20015, "<field> <message>"),
      unpaid: MediaReply(403, #"{"code":30001,"message":"Sorry, your account balance is insufficient","data":null}"#),
      tooMany: MediaReply(429, #"{"message":"Request was rejected due to rate limiting.","data":null}"#),
      other: MediaReply(503, #"{"code":50505,"message":"Model service overloaded.","data":null}"#)))

  private static func coded(_ code: Int, _ text: String) -> MediaReply {
    MediaReply(400, #"{"code":\#(code),"message":"\#(text)","data":null}"#)
  }

  private static let siliconFlowImages: MediaService = {
    var images = MediaService.openAIImages(
      params: MediaParams(
        required: ["model", "prompt"],
        forms: [
          "model": .text, "prompt": .text, "image_size": .text, "batch_size": .whole(1...4),
          "num_inference_steps": .whole(1...100), "guidance_scale": .number, "image": .text,
          "seed": .whole(0...Int(Int32.max)),
        ], sizing: [.pixels("image_size")], count: "batch_size"), encoding: .never)
    images.states[.succeeded] = MediaReply(
      #"{"images":<items>,"timings":{"inference":<predicted>},"seed":12345}"#,
      headers: ["x-siliconcloud-trace-id": "<id>"])
    images.states[.failed] = coded(20015, "The request was rejected by the content filter")
    return images
  }()
}
