/// fal.ai's queue: a request to an app is looked at under the app's first two names only, and its result stands apart
/// from its state, under 4xx where it failed.

extension MediaRow {
  static let fal = MediaRow(
    prefixes: ["/v1", ""], services: [falQueue],
    errors: MediaErrors(
      // GUESS: the text.
      unauthorized: MediaReply(401, #"{"detail":"Authentication is required to access this application."}"#),
      notFound: MediaReply(404, #"{"detail":"Not found"}"#),
      missing: detail("field required", "value_error.missing"),
      unknown: detail("extra fields not permitted", "value_error.extra"),
      value: detail("<field> <message>", "value_error"),
      unpaid: MediaReply(
        403,
        #"{"detail":"User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."}"#),
      tooMany: MediaReply(429, #"{"detail":"Too many requests"}"#),
      other: MediaReply(
        500, #"{"detail":"Internal server error","error_type":"internal_server_error"}"#,
        headers: ["x-fal-error-type": "internal_server_error"])))

  private static func detail(_ text: String, _ type: String) -> MediaReply {
    MediaReply(422, #"{"detail":[{"loc":["body","<field>"],"msg":"\#(text)","type":"\#(type)"}]}"#)
  }

  private static let request =
    #""request_id":"<id>","response_url":"\#(place)","status_url":"\#(place)/status","#
    + #""cancel_url":"\#(place)/cancel""#
  private static var place: String { "<base>/<app>/requests/<id>" }
  private static let known = ["x-fal-request-id": "<id>"]

  private static let falQueue = MediaService(
    routes: [
      MediaRoute("GET", "<model>/requests/<id>/status", .poll), MediaRoute("GET", "<model>/requests/<id>", .result),
      MediaRoute("PUT", "<model>/requests/<id>/cancel", .cancel), MediaRoute("POST", "<model>", .create),
    ],
    params: MediaParams(
      forms: [
        "prompt": .text, "num_images": .whole(1...4), "image_size": .textOrObject, "aspect_ratio": .text,
        "output_format": .words(["jpeg", "png", "webp"]), "seed": .whole(0...Int(Int32.max)), "image_urls": .texts,
        "image_url": .text, "resolution": .text,
      ],
      sizing: [.named("image_size"), .ratio("aspect_ratio"), .scale("resolution")], count: "num_images",
      seconds: "duration"),
    identifier: "<h8>-<h4>-<h4>-<h4>-<h12>",
    words: .init("IN_QUEUE", "IN_PROGRESS", "COMPLETED", "COMPLETED", "COMPLETED"),
    outputs: [
      .image: #""images":<items>,"has_nsfw_concepts":[false]"#,
      .video: #""video":{"url":<first>,"content_type":"video/mp4","file_name":"output.mp4"}"#,
    ],
    item: #"{"url":"<url>","width":<width>,"height":<height>,"content_type":"<type>"}"#,
    created: MediaReply(#"{"status":"IN_QUEUE",\#(request),"queue_position":<position>}"#, headers: known),
    states: [
      // GUESS: 202 until it has ended.
      .queued: MediaReply(202, #"{"status":"<status>",\#(request),"queue_position":<position>}"#, headers: known),
      .running: MediaReply(202, #"{"status":"<status>",\#(request),"logs":null}"#, headers: known),
      .succeeded: MediaReply(
        #"{"status":"<status>",\#(request),"logs":null,"metrics":{"inference_time":<predicted>}}"#, headers: known),
      .failed: MediaReply(
        #"{"status":"<status>",\#(request),"logs":null,"metrics":{},"error":"The prompt was flagged by a content checker.","#
          + #""error_type":"content_policy_violation"}"#, headers: known),
      .cancelled: MediaReply(
        #"{"status":"<status>",\#(request),"logs":null,"metrics":{},"error":"Request was cancelled","#
          + #""error_type":"request_cancelled"}"#, headers: known),
    ],
    results: [
      .running: MediaReply(400, #"{"detail":"Request is still in progress"}"#, headers: known),
      .queued: MediaReply(400, #"{"detail":"Request is still in progress"}"#, headers: known),
      .succeeded: MediaReply(
        #"{<outputs>,"timings":{"inference":<predicted>},"seed":42,"prompt":<prompt>}"#,
        headers: known.merging(["x-fal-billable-units": "<units>"]) { $1 }),
      .failed: MediaReply(
        422,
        #"{"detail":[{"loc":["body","prompt"],"msg":"The prompt was flagged by a content checker.","#
          + #""type":"content_policy_violation"}]}"#,
        headers: known.merging(["x-fal-error-type": "content_policy_violation"]) { $1 }),
      .cancelled: MediaReply(400, #"{"detail":"Request was cancelled"}"#, headers: known),
    ],
    cancelled: MediaReply(202, #"{"status":"CANCELLATION_REQUESTED"}"#, headers: known),
    cancelledLate: MediaReply(400, #"{"status":"ALREADY_COMPLETED"}"#, headers: known))
}
