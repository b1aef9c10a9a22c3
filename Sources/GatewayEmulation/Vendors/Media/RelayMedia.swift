/// Pictures and videos of relays.

extension MediaRow {
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

  /// DMXAPI: OpenAI's pictures; a video is asked for, and looked at, as a response of a model of its own.
  static let dmxAPI = MediaRow(
    prefixes: ["/v1", ""], services: [.openAIImages(), dmxVideos], errors: relayErrors, shared: .responses)

  /// GUESS: all of an answer but its identifier and its states.
  private static let dmxVideos: MediaService = {
    func task(_ ending: String) -> MediaReply {
      MediaReply(#"{"id":"<id>","model":"<model>","status":"<status>"\#(ending)}"#)
    }
    return MediaService(
      routes: [
        MediaRoute("POST", "responses", .poll, idField: "input", models: ["seedance-2-0-get"]),
        MediaRoute("POST", "responses", .create, models: ["seedance"]),
      ],
      params: MediaParams(
        required: ["model", "input"],
        forms: [
          "model": .text, "ratio": .text, "resolution": .text, "duration": .whole(1...60), "callback_url": .text,
        ],
        sizing: [.ratio("ratio")], seconds: "duration"),
      kind: .video, identifier: "cgt-<d14>-<a5>", words: .init("queued", "running", "succeeded", "failed", "expired"),
      created: MediaReply(#"{"id":"<id>"}"#),
      states: [
        .running: task(""), .succeeded: task(#","content":{"video_url":<first>}"#),
        .failed: task(#","error":{"code":"OutputVideoSensitiveContentDetected","message":"The output was rejected."}"#),
      ])
  }()
}
