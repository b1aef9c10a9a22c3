/// Replicate: a prediction is created under a model or by a version, its fields stand under `input`, nothing else may.

extension MediaRow {
  static let replicate = MediaRow(
    prefixes: ["/v1", ""],
    services: [
      prediction([MediaRoute("POST", "models/<model>/predictions", .create)], params: replicateParams),
      prediction([MediaRoute("POST", "deployments/<model>/predictions", .create)], params: replicateParams),
      prediction(
        [
          MediaRoute("POST", "predictions", .create), MediaRoute("GET", "predictions/<id>", .poll),
          MediaRoute("POST", "predictions/<id>/cancel", .cancel),
          MediaRoute("GET", "account", .say(account)), MediaRoute("GET", "models", .say(models)),
          MediaRoute("GET", "models/<model>", .say(model)),
        ], params: replicateParamsWithVersion),
    ],
    errors: MediaErrors(
      unauthorized: problem(401, "Unauthenticated", "You did not pass a valid authentication token"),
      notFound: problem(404, "Not found", "The requested resource could not be found."),
      missing: invalid("required", "<field> is required"),
      unknown: invalid("additional_property_not_allowed", "Additional property <field> is not allowed"),
      value: invalid("invalid", "<field> <message>"),
      unpaid: problem(402, "Insufficient credit", "You have insufficient credit to run this model."),
      tooMany: MediaReply(429, #"{"detail":"Request was throttled. Your rate limit resets in ~30s."}"#),
      other: MediaReply(500, #"{"title":"Internal server error","detail":"Something went wrong.","status":<status>}"#)),
    base: "/v1")

  /// GUESS beyond their keys: the texts of 401, 402, 404 and 422, and `invalid_fields`.
  private static func problem(_ status: Int, _ title: String, _ detail: String) -> MediaReply {
    MediaReply(status, #"{"title":"\#(title)","detail":"\#(detail)","status":\#(status)}"#)
  }

  private static func invalid(_ type: String, _ text: String) -> MediaReply {
    MediaReply(
      422,
      #"{"title":"Input validation failed","detail":"- input: \#(text)\n","status":422,"#
        + #""invalid_fields":[{"type":"\#(type)","field":"<field>","description":"\#(text)"}]}"#)
  }

  private static let replicateParams = MediaParams(
    wrapper: "input", top: ["input", "webhook", "webhook_events_filter", "stream"],
    forms: [
      "prompt": .text, "seed": .whole(-2_147_483_648...2_147_483_647), "num_outputs": .whole(1...4),
      "aspect_ratio": .words([
        "1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21", "match_input_image",
      ]),
      "output_format": .words(["webp", "jpg", "png"]), "width": .whole(64...4096), "height": .whole(64...4096),
      "output_quality": .whole(0...100), "image_input": .texts, "duration": .whole(1...60),
    ],
    sizing: [.ratio("aspect_ratio"), .sides(width: "width", height: "height"), .scale("resolution"), .scale("size")],
    count: "num_outputs", seconds: "duration")

  private static var replicateParamsWithVersion: MediaParams {
    var params = replicateParams
    params.top?.insert("version")
    params.topRequired = ["version"]
    return params
  }

  private static let urls =
    #""urls":{"cancel":"<base>/v1/predictions/<id>/cancel","get":"<base>/v1/predictions/<id>","#
    + #""web":"<base>/p/<id>"}"#

  private static let opening =
    #"{"id":"<id>","model":"<model>","version":"hidden","input":<input>,"data_removed":false,"#
    + #""created_at":"<created>","status":"<status>","#

  private static func prediction(_ routes: [MediaRoute], params: MediaParams) -> MediaService {
    let open = opening + #""logs":"","output":null,"error":null,\#(urls)}"#
    let ended = #""started_at":"<started>","completed_at":"<completed>","#
    let metrics = #""metrics":{"predict_time":<predicted>,"total_time":<total>},"#
    return MediaService(
      routes: routes, params: params, identifier: "<a26>",
      words: .init("starting", "processing", "succeeded", "failed", "canceled"),
      created: MediaReply(201, open),
      states: [
        .running: MediaReply(
          opening + #""logs":"Seed: 42","output":null,"error":null,"started_at":"<started>",\#(urls)}"#),
        .queued: MediaReply(open),
        .succeeded: MediaReply(
          opening + ended + metrics + #""logs":"Seed: 42","output":<output>,"error":null,\#(urls)}"#),
        .failed: MediaReply(
          opening + ended + metrics
            + #""logs":"","output":null,"error":"NSFW content detected. Try running it again, or try a different prompt.",\#(urls)}"#
        ),
        .cancelled: MediaReply(opening + ended + #""logs":"","output":null,"error":null,\#(urls)}"#),
      ],
      waiting: .preferHeader)
  }

  private static let account = MediaReply(
    #"{"type":"organization","username":"emulated","name":"Emulated","github_url":null}"#)
  private static let models = MediaReply(#"{"next":null,"previous":null,"results":[]}"#)
  private static let model = MediaReply(
    #"{"url":"https://replicate.com/emulated/model","owner":"emulated","name":"model","visibility":"public","#
      + #""latest_version":{"id":"hidden"}}"#)
}
