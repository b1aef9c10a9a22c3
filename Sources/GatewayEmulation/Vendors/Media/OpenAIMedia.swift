/// Pictures and videos in OpenAI's shapes, which most hosts and relays have: pictures at once, videos by jobs.

extension MediaErrors {
  /// - Parameters:
  ///   - unknown: the text about a field that is not known.
  ///   - code: of that refusal.
  static func openAI(unknown: String = "Unknown parameter: '<field>'.", code: String = "unknown_parameter")
    -> MediaErrors
  {
    func refused(_ status: Int, _ text: String, _ type: String, param: String = "null", code: String = "null")
      -> MediaReply
    {
      MediaReply(
        status, #"{"error":{"message":"\#(text)","type":"\#(type)","param":\#(param),"code":\#(code)}}"#)
    }
    let invalid = "invalid_request_error"
    return MediaErrors(
      unauthorized: refused(401, "Incorrect API key provided", invalid, code: #""invalid_api_key""#),
      notFound: refused(404, "Not found", invalid),
      missing: refused(
        400, "Missing required parameter: '<field>'.", invalid, param: #""<field>""#,
        code: #""missing_required_parameter""#),
      unknown: refused(400, unknown, invalid, param: #""<field>""#, code: "\"\(code)\""),
      value: refused(
        400, "Invalid value: '<field>' <message>.", invalid, param: #""<field>""#, code: #""invalid_value""#),
      unpaid: refused(
        429, "You exceeded your current quota.", "insufficient_quota", code: #""insufficient_quota""#),
      tooMany: refused(429, "Rate limit reached", "requests", code: #""rate_limit_exceeded""#),
      other: refused(500, "The server had an error while processing your request.", "server_error"))
  }
}

extension MediaService {
  /// The routes of pictures that are made at once.
  static let imageRoutes = [MediaRoute("POST", "images/generations", .make)]

  /// Pictures at once, as bytes or as addresses.
  static func openAIImages(
    params: MediaParams = openAIImageParams, encoding: Encoding = .asked("response_format", "b64_json")
  ) -> MediaService {
    let answer =
      #"{"created":<epoch>,"data":<items>,"usage":{"input_tokens":<tokens>,"input_tokens_details":{"image_tokens":0,"#
      + #""text_tokens":<tokens>},"output_tokens":<made>,"total_tokens":<together>}}"#
    return MediaService(
      routes: imageRoutes, params: params, kind: .image, identifier: "img_<h16>",
      words: .init("queued", "in_progress", "completed", "failed", "cancelled"), item: #"{"url":"<url>"}"#,
      encodedItem: #"{"b64_json":"<base64>"}"#, encoding: encoding, created: MediaReply(answer),
      states: [
        .succeeded: MediaReply(answer),
        .failed: MediaReply(
          400,
          #"{"error":{"message":"Your request was rejected by the safety system.","type":"image_generation_user_error","#
            + #""param":null,"code":"moderation_blocked"}}"#),
      ])
  }

  static let openAIImageParams = MediaParams(
    required: ["prompt"],
    forms: ["prompt": .text, "model": .text, "n": .whole(1...10), "size": .text, "response_format": .text],
    sizing: [.pixels("size")], count: "n")

  /// OpenAI's own: what it does not know it refuses, and some fields with some of its models.
  static let openAIImageParamsOfItsOwn = MediaParams(
    required: ["prompt"],
    forms: [
      "prompt": .text, "model": .text, "n": .whole(1...10), "user": .text, "stream": .flag,
      "size": .text, "background": .words(["transparent", "opaque", "auto"]), "moderation": .words(["low", "auto"]),
      "output_compression": .whole(0...100), "output_format": .words(["png", "jpeg", "webp"]),
      "partial_images": .whole(0...3), "quality": .words(["standard", "hd", "low", "medium", "high", "auto"]),
      "response_format": .words(["url", "b64_json"]), "style": .words(["vivid", "natural"]),
    ],
    without: ["response_format": ["gpt-image"], "style": ["gpt-image"], "background": ["dall-e"]], isClosed: true,
    sizing: [.pixels("size")], count: "n")

  /// Videos by jobs: a form or JSON in, the bytes from `content`.
  static func openAIVideos(
    create: MediaRoute = MediaRoute("POST", "videos", .create), status: Int = 200,
    words: Words = .init("queued", "in_progress", "completed", "failed", "failed"),
    params: MediaParams = openAIVideoParams, outputs: [MediaKind: String] = [:]
  ) -> MediaService {
    func video(_ ending: String, progress: String = "<progress>") -> String {
      #"{"id":"<id>","object":"video","model":"<model>","status":"<status>","progress":\#(progress),"#
        + #""created_at":<epoch>,"seconds":"<length>","size":"<size>","prompt":<prompt>\#(ending)}"#
    }
    let open = #","completed_at":null,"error":null"#
    return MediaService(
      routes: [
        create, MediaRoute("GET", "videos/<id>", .poll), MediaRoute("GET", "videos/<id>/content", .content),
      ], params: params, kind: .video, identifier: "video_<h24>", words: words, outputs: outputs,
      created: MediaReply(status, video(open, progress: "0")),
      states: [
        .running: MediaReply(video(open)),
        .succeeded: MediaReply(video(#","completed_at":<epoch>,"error":null<outputs>"#)),
        .failed: MediaReply(
          video(
            #","completed_at":null,"error":{"code":"moderation_blocked","#
              + #""message":"Your request was blocked by our moderation system."}"#)),
      ])
  }

  static let openAIVideoParams = MediaParams(
    required: ["prompt"],
    forms: ["prompt": .text, "model": .text, "size": .text], sizing: [.pixels("size")], seconds: "seconds")

  /// OpenAI's own.
  static let openAIVideoParamsOfItsOwn = MediaParams(
    required: ["prompt"],
    forms: [
      "prompt": .text, "model": .words(["sora-2", "sora-2-pro"]), "seconds": .words(["4", "8", "12"]),
      "size": .words(["720x1280", "1280x720", "1024x1792", "1792x1024"]), "input_reference": .any,
    ], isClosed: true, sizing: [.pixels("size")], seconds: "seconds")
}

extension MediaRow {
  static let openAI = MediaRow(
    prefixes: ["/v1", ""],
    services: [
      .openAIImages(
        params: MediaService.openAIImageParamsOfItsOwn,
        encoding: .asked("response_format", "b64_json", always: ["gpt-image", "emulated/media"])),
      .openAIVideos(params: MediaService.openAIVideoParamsOfItsOwn),
    ], errors: .openAI())

  /// Gateways and hosts that have OpenAI's pictures and take what they do not know.
  static let openAIImages = MediaRow(
    prefixes: ["/v1/openai", "/v1beta/openai", "/openai/v1", "/api/v1", "/v1", "/v3", ""], services: [.openAIImages()],
    errors: .openAI())

  /// The same with videos. GUESS for Eden AI: its videos' shape.
  static let openAIImagesAndVideos = MediaRow(
    prefixes: openAIImages.prefixes, services: [.openAIImages(), .openAIVideos()], errors: .openAI())

  /// xAI has no sizes. GUESS: that it refuses them.
  static let xAI = MediaRow(
    prefixes: ["/v1", ""],
    services: [
      .openAIImages(
        params: MediaParams(
          required: ["model", "prompt"],
          forms: ["prompt": .text, "model": .text, "n": .whole(1...10), "response_format": .text, "user": .text],
          isClosed: true, count: "n"))
    ], errors: .openAI(unknown: "Argument not supported on this model: <field>", code: "invalid_argument"))
}
