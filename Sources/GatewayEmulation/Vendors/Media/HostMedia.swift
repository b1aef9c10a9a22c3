/// Pictures and videos of hosts and relays whose shapes differ from OpenAI's in some places.

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

  /// New-API and what is like it: OpenAI's pictures, and videos with other words for their states.
  static let newAPI = MediaRow(
    prefixes: ["/v1", ""],
    services: [
      .openAIImages(), newAPIVideos(MediaRoute("POST", "videos", .create)),
      newAPIVideos(MediaRoute("POST", "video/generations", .create), poll: "video/generations/<id>"),
    ],
    errors: relayErrors)

  private static func newAPIVideos(_ create: MediaRoute, poll: String? = nil) -> MediaService {
    var videos = MediaService.openAIVideos(
      create: create, status: 201,
      words: .init("processing", "processing", "succeeded", "failed", "failed"))
    // GUESS: the member with the address.
    videos.outputs = [.video: #","url":<first>"#]
    if let poll { videos.routes.append(MediaRoute("GET", poll, .poll)) }
    return videos
  }

  private static let relayErrors: MediaErrors = {
    func refused(_ status: Int, _ text: String, _ code: String) -> MediaReply {
      MediaReply(
        status,
        #"{"error":{"message":"\#(text) (request id: 20261122164200<serial>)","type":"new_api_error","param":"","#
          + #""code":"\#(code)"}}"#)
    }
    return MediaErrors(
      unauthorized: refused(401, "无效的令牌", "invalid_token"), notFound: refused(404, "task_not_exist", "task_not_exist"),
      missing: refused(400, "<field> is required", "invalid_request"),
      unknown: refused(400, "<field> is not supported", "invalid_request"),
      value: refused(400, "<field> <message>", "invalid_request"),
      unpaid: refused(403, "用户额度不足", "insufficient_user_quota"),
      tooMany: refused(429, "当前分组上游负载已饱和，请稍后再试", "rate_limit_exceeded"),
      other: refused(500, "do request failed", "do_request_failed"))
  }()
}
