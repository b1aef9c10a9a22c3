/// OpenRouter's own pictures, at once and always as bytes, and its videos by jobs.

extension MediaRow {
  static let openRouter = MediaRow(
    prefixes: ["/api/v1", "/v1", "/api", ""], services: [openRouterImages, openRouterVideos],
    errors: MediaErrors(
      unauthorized: refused(401, "No auth credentials found", "authentication"),
      notFound: refused(404, "Not found", "not_found"), missing: refused(400, "<field> is required", "invalid_request"),
      unknown: refused(400, "Unrecognized key: <field>", "invalid_request"),
      value: refused(400, "<field> <message>", "invalid_request"),
      unpaid: refused(402, "Insufficient credits. Add more credits and try again.", "payment_required"),
      tooMany: refused(429, "Rate limit exceeded", "rate_limit_exceeded"),
      other: MediaReply(
        500, #"{"error":{"code":<status>,"message":"Internal server error","metadata":{"error_type":"server"}}}"#)))

  private static func refused(_ status: Int, _ text: String, _ type: String) -> MediaReply {
    MediaReply(
      status, #"{"error":{"code":\#(status),"message":"\#(text)","metadata":{"error_type":"\#(type)"}}}"#)
  }

  private static let usage =
    #""usage":{"prompt_tokens":<tokens>,"completion_tokens":<made>,"total_tokens":<together>,"cost":<cost>}"#

  private static let openRouterImages = MediaService(
    routes: [MediaRoute("POST", "images", .make)],
    params: MediaParams(
      required: ["model", "prompt"],
      forms: [
        "model": .text, "prompt": .text, "n": .whole(1...10), "resolution": .words(["512", "1K", "2K", "4K"]),
        "aspect_ratio": .text, "size": .text, "quality": .text, "output_format": .text, "background": .text,
        "output_compression": .whole(0...100), "stream": .flag, "provider": .any, "input_references": .any,
      ], sizing: [.ratio("aspect_ratio"), .scale("resolution"), .pixels("size")], count: "n"),
    kind: .image, identifier: "gen-<epoch>-<a20>",
    words: .init("pending", "in_progress", "completed", "failed", "cancelled"),
    item: #"{"b64_json":"<base64>","media_type":"<type>"}"#, encoding: .always,
    created: MediaReply(#"{"created":<epoch>,"data":<items>,\#(usage)}"#),
    states: [
      .succeeded: MediaReply(
        #"{"created":<epoch>,"data":<items>,\#(usage)}"#, headers: ["X-Generation-Id": "<id>"]),
      .failed: refused(502, "Provider returned error", "provider_unavailable"),
    ],
    events:
      #"{"type":"image_generation.completed","b64_json":"<base64>","media_type":"<type>","created":<epoch>,\#(usage)}"#)

  private static let openRouterVideos = MediaService(
    routes: [
      MediaRoute("POST", "videos", .create), MediaRoute("GET", "videos/<id>", .poll),
      MediaRoute("GET", "videos/<id>/content", .content),
    ],
    params: MediaParams(
      required: ["model", "prompt"],
      forms: ["model": .text, "prompt": .text, "duration": .whole(1...60), "callback_url": .text],
      sizing: [.ratio("aspect_ratio"), .pixels("size")], seconds: "duration"),
    kind: .video, identifier: "vid_<a20>",
    words: .init("pending", "in_progress", "completed", "failed", "cancelled"),
    created: MediaReply(202, #"{"id":"<id>","polling_url":"<base>/api/v1/videos/<id>","status":"pending"}"#),
    states: [
      .running: MediaReply(#"{"id":"<id>","polling_url":"<base>/api/v1/videos/<id>","status":"<status>"}"#),
      .succeeded: MediaReply(
        #"{"id":"<id>","polling_url":"<base>/api/v1/videos/<id>","status":"<status>","generation_id":"gen-<id>","#
          + #""unsigned_urls":<urls>,"usage":{"cost":<cost>}}"#),
      .failed: MediaReply(
        #"{"id":"<id>","polling_url":"<base>/api/v1/videos/<id>","status":"<status>","error":"Provider returned error"}"#
      ),
    ])
}
