/// Tasks of Z.ai and of Qwen's DashScope: created at one path, looked at under another that all tasks share.

extension MediaRow {
  static let zai = MediaRow(
    prefixes: ["/api/paas/v4", "/v1", ""],
    services: [
      .openAIImages(), zaiTask([MediaRoute("POST", "async/images/generations", .create)], .image),
      zaiTask(
        [MediaRoute("POST", "videos/generations", .create), MediaRoute("GET", "async-result/<id>", .poll)], .video),
    ],
    // GUESS: the codes.
    errors: MediaErrors(
      unauthorized: coded(401, "1000", "Authentication Failed"), notFound: coded(404, "1222", "Task not found"),
      missing: coded(400, "1213", "The parameter <field> was not received"),
      unknown: coded(400, "1214", "<field> is not supported"), value: coded(400, "1214", "<field> <message>"),
      unpaid: coded(429, "1113", "Insufficient balance or no resource package. Please recharge."),
      tooMany: coded(429, "1302", "Rate limit reached for requests"), other: coded(500, "500", "Internal error")))

  private static func coded(_ status: Int, _ code: String, _ text: String) -> MediaReply {
    MediaReply(status, #"{"error":{"code":"\#(code)","message":"\#(text)"}}"#)
  }

  private static func zaiTask(_ routes: [MediaRoute], _ kind: MediaKind) -> MediaService {
    let opening = #"{"id":"<id>","request_id":"<id>","model":"<model>","task_status":"<status>""#
    return MediaService(
      routes: routes,
      params: MediaParams(
        required: ["model", "prompt"], forms: ["model": .text, "prompt": .text], sizing: [.pixels("size")],
        seconds: "duration"), kind: kind, identifier: "<d17>-<d19>",
      words: .init("PROCESSING", "PROCESSING", "SUCCESS", "FAIL", "FAIL"),
      outputs: [
        .image: #""image_result":[{"url":<first>}]"#,
        .video: #""video_result":[{"url":<first>,"cover_image_url":null}]"#,
      ],
      created: MediaReply(opening + "}"),
      states: [
        .running: MediaReply(opening + "}"), .succeeded: MediaReply(opening + ",<outputs>}"),
        // GUESS: that the reason is told.
        .failed: MediaReply(opening + #","error":{"code":"1301","message":"Content flagged as sensitive"}}"#),
      ])
  }

  /// GUESS: the paths of services, the text without the header, and the members of an output.
  static let dashScope = MediaRow(
    prefixes: ["/api/v1", "/compatible-mode/v1", "/v1", ""],
    services: [
      dashScopeTask(
        [
          MediaRoute("POST", "services/aigc/text2image/image-synthesis", .create),
          MediaRoute("GET", "tasks/<id>", .poll), MediaRoute("POST", "tasks/<id>/cancel", .cancel),
        ], .image),
      dashScopeTask([MediaRoute("POST", "services/aigc/video-generation/video-synthesis", .create)], .video),
    ],
    errors: MediaErrors(
      unauthorized: named(401, "InvalidApiKey", "Invalid API-key provided."),
      notFound: MediaReply(#"{"request_id":"<serial>","output":{"task_status":"UNKNOWN"}}"#),
      missing: named(400, "InvalidParameter", "<field> is required"),
      unknown: named(400, "InvalidParameter", "<field> is not supported"),
      value: named(400, "InvalidParameter", "<field> <message>"),
      unpaid: named(400, "Arrearage", "Access denied, please make sure your account is in good standing."),
      tooMany: named(429, "Throttling.RateQuota", "Requests rate limit exceeded, please try again later."),
      other: named(500, "InternalError", "An internal error has occured, please try again later.")))

  private static func named(_ status: Int, _ code: String, _ text: String) -> MediaReply {
    MediaReply(status, #"{"code":"\#(code)","message":"\#(text)","request_id":"<serial>"}"#)
  }

  private static func dashScopeTask(_ routes: [MediaRoute], _ kind: MediaKind) -> MediaService {
    func task(_ ending: String = "", usage: String = "") -> MediaReply {
      MediaReply(
        #"{"request_id":"<id>","output":{"task_id":"<id>","task_status":"<status>","submit_time":"<created>"\#(ending)}"#
          + "\(usage)}")
    }
    return MediaService(
      routes: routes,
      params: MediaParams(
        wrapper: "input", settings: "parameters", top: ["model", "input", "parameters"], topRequired: ["model"],
        forms: ["prompt": .text, "n": .whole(1...4), "size": .text, "duration": .whole(1...60)],
        sizing: [.pixels("size", sign: "*")], count: "n", seconds: "duration"),
      kind: kind, identifier: "<h8>-<h4>-<h4>-<h4>-<h12>",
      words: .init("PENDING", "RUNNING", "SUCCEEDED", "FAILED", "CANCELED"),
      outputs: [.image: #""results":<items>"#, .video: #""video_url":<first>"#], item: #"{"url":"<url>"}"#,
      created: MediaReply(#"{"request_id":"<id>","output":{"task_id":"<id>","task_status":"PENDING"}}"#),
      states: [
        .running: task(), .succeeded: task(",<outputs>", usage: #","usage":{"\#(kind)_count":<count>}"#),
        .failed: task(#","code":"DataInspectionFailed","message":"Input data may contain inappropriate content.""#),
      ],
      cancelledLate: named(
        400, "UnsupportedOperation", "Failed to cancel the task, please confirm if the task is in PENDING status."),
      requiredHeaders: ["x-dashscope-async": "is missing: current user api does not support synchronous calls"])
  }
}
