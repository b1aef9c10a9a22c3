/// WaveSpeedAI: everything in an envelope, failures of a job under 200.

extension MediaRow {
  static let waveSpeed = MediaRow(
    prefixes: ["/api/v3", "/v1/api/v3"], services: [waveSpeedPrediction],
    // GUESS beyond their keys: the texts.
    errors: MediaErrors(
      unauthorized: refused(401, "invalid api key"), notFound: refused(404, "prediction not found"),
      missing: refused(400, "property \\\"<field>\\\" is missing"),
      unknown: refused(400, "property \\\"<field>\\\" is unsupported"), value: refused(400, "<field> <message>"),
      unpaid: refused(402, "insufficient credits"), tooMany: refused(429, "too many requests"),
      other: MediaReply(500, #"{"code":<status>,"message":"internal error","data":null}"#)))

  private static func refused(_ status: Int, _ text: String) -> MediaReply {
    MediaReply(status, #"{"code":\#(status),"message":"\#(text)","data":null}"#)
  }

  private static func envelope(
    outputs: String = "<urls>", flags: String = "[]", status: String = "<status>", error: String = "",
    code: String = "", millis: String = "0"
  ) -> MediaReply {
    MediaReply(
      #"{"code":200,"message":"success","data":{\#(code)"id":"<id>","model":"<model>","outputs":\#(outputs),"#
        + #""urls":{"get":"<base>/api/v3/predictions/<id>/result"},"has_nsfw_contents":\#(flags),"#
        + #""status":"\#(status)","created_at":"<created>","error":"\#(error)","timings":{"inference":\#(millis)}}}"#)
  }

  private static let waveSpeedPrediction = MediaService(
    routes: [
      MediaRoute("GET", "predictions/<id>/result", .poll), MediaRoute("GET", "predictions/<id>", .poll),
      MediaRoute("POST", "<model>", .create),
    ],
    params: MediaParams(
      forms: [
        "prompt": .text, "size": .text, "aspect_ratio": .text, "images": .texts, "image": .text,
        "seed": .whole(-1...Int(Int32.max)), "enable_sync_mode": .flag, "num_images": .whole(1...4),
        "resolution": .text,
      ],
      sizing: [.ratio("aspect_ratio"), .pixels("size", sign: "*"), .scale("resolution")], count: "num_images",
      seconds: "duration"),
    identifier: "<h32>", words: .init("created", "processing", "completed", "failed", "cancelled"),
    created: envelope(outputs: "[]", status: "created"),
    states: [
      .running: envelope(outputs: "[]"), .succeeded: envelope(flags: "[false]", millis: "<millis>"),
      .failed: envelope(outputs: "[]", error: "content flagged as sensitive"),
    ],
    waiting: .field("enable_sync_mode", atMost: .seconds(30)),
    waitedOut: envelope(outputs: "[]", status: "processing", error: "Sync mode timed out", code: #""code":5004,"#))
}
