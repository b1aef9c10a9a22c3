/// EvoLink.ai: OpenAI's paths for pictures, but a task comes back instead of a picture.

extension MediaRow {
  static let evoLink = MediaRow(
    prefixes: ["/v1", ""],
    services: [
      evoLinkTask(
        [MediaRoute("POST", "images/generations", .create), MediaRoute("GET", "tasks/<id>", .poll)], .image,
        count: "n"),
      evoLinkTask([MediaRoute("POST", "videos/generations", .create)], .video, count: nil),
    ],
    errors: MediaErrors(
      unauthorized: refused(401, "Invalid API key", "authentication_error"),
      notFound: refused(404, "Task not found", "resource_not_found"),
      missing: refused(400, "<field> is required", "invalid_request_error", param: #""<field>""#),
      unknown: refused(400, "<field> is not supported", "invalid_request_error", param: #""<field>""#),
      value: refused(400, "<field> <message>", "invalid_request_error", param: #""<field>""#),
      unpaid: refused(402, "Insufficient credits", "insufficient_quota", suggestion: #""Top up the account""#),
      tooMany: refused(429, "Rate limit exceeded", "rate_limited"),
      other: MediaReply(
        500,
        #"{"error":{"code":<status>,"message":"Service error","type":"service_error","param":null,"#
          + #""fallback_suggestion":null}}"#)))

  private static func refused(
    _ status: Int, _ text: String, _ type: String, param: String = "null", suggestion: String = "null"
  ) -> MediaReply {
    MediaReply(
      status,
      #"{"error":{"code":\#(status),"message":"\#(text)","type":"\#(type)","param":\#(param),"#
        + #""fallback_suggestion":\#(suggestion)}}"#)
  }

  private static func task(_ ending: String, progress: String = "<progress>", canCancel: Bool = false) -> MediaReply {
    MediaReply(
      #"{"created":<epoch>,"id":"<id>","model":"<model>","object":"<kind>.generation.task","progress":\#(progress),"#
        + #""status":"<status>","type":"<kind>","task_info":{"can_cancel":\#(canCancel)"#
        + #"\#(canCancel ? #","estimated_time":45"# : "")}\#(ending)}"#)
  }

  private static let usage =
    #","usage":{"billing_rule":"per_call","credits_reserved":<credits>,"user_group":"default"}"#

  private static func evoLinkTask(_ routes: [MediaRoute], _ kind: MediaKind, count: String?) -> MediaService {
    MediaService(
      routes: routes,
      params: MediaParams(
        required: ["model", "prompt"],
        forms: [
          "model": .text, "prompt": .text, "size": .text, "n": .whole(1...10), "image_urls": .texts,
          "mask_url": .text, "callback_url": .text, "quality": .text, "duration": .whole(1...60),
          "aspect_ratio": .text, "generate_audio": .flag,
        ],
        sizing: [.ratio("size"), .pixels("size"), .scale("quality"), .ratio("aspect_ratio")], count: count,
        seconds: "duration"),
      kind: kind, identifier: "task-unified-<epoch>-<a8>",
      words: .init("pending", "processing", "completed", "failed", "failed"),
      item: #"{"result_id":"<number>","\#(kind.rawValue)_url":"<url>"}"#,
      created: task(usage, progress: "0", canCancel: true),
      states: [
        .running: task(usage, canCancel: true), .succeeded: task(#","results":<urls>,"result_data":<items>"# + usage),
        .failed: task(
          #","error":{"code":"content_policy_violation","message":"Prompt was rejected","type":"task_error"}"#,
          progress: "100"),
      ])
  }
}
