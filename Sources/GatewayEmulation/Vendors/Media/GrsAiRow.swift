/// GrsAi: answers are lines of progress unless `webHook` asks for an identifier; a failure is a code under 200.

extension MediaRow {
  static let grsAi = MediaRow(
    prefixes: ["/v1"], services: [drawing],
    // GUESS: the codes, and 401 as a status.
    errors: MediaErrors(
      unauthorized: MediaReply(401, #"{"code":401,"msg":"invalid api key","data":null}"#),
      notFound: MediaReply(#"{"code":-22,"msg":"task not found","data":null}"#),
      missing: MediaReply(#"{"code":-1,"msg":"<field> is required","data":null}"#),
      unknown: MediaReply(#"{"code":-1,"msg":"<field> is not supported","data":null}"#),
      value: MediaReply(#"{"code":-1,"msg":"<field> <message>","data":null}"#),
      unpaid: MediaReply(#"{"code":-2,"msg":"insufficient credits","data":null}"#),
      tooMany: MediaReply(429, #"{"code":429,"msg":"too many requests","data":null}"#),
      other: MediaReply(500, #"{"code":<status>,"msg":"internal error","data":null}"#)))

  private static func task(
    results: String = "[]", progress: String = "<progress>", reason: String = "", error: String = ""
  ) -> String {
    #"{"id":"<id>","status":"<status>","progress":\#(progress),"results":\#(results),"#
      + #""failure_reason":"\#(reason)","error":"\#(error)"}"#
  }

  private static func enveloped(_ data: String) -> MediaReply {
    MediaReply(#"{"code":0,"msg":"success","data":\#(data)}"#)
  }

  private static let tasks: [JobState: String] = [
    .running: task(), .queued: task(), .succeeded: task(results: "<items>"),
    .failed: task(progress: "0", reason: "input_moderation", error: "Prompt rejected"),
  ]

  private static let drawing = MediaService(
    routes: [
      MediaRoute("POST", "draw/nano-banana", .create), MediaRoute("POST", "draw/completions", .create),
      MediaRoute("POST", "draw/flux", .create), MediaRoute("POST", "draw/result", .poll, idField: "id"),
    ],
    params: MediaParams(
      required: ["model", "prompt"],
      forms: [
        "model": .text, "prompt": .text, "urls": .texts, "aspectRatio": .text, "size": .text,
        "imageSize": .words(["1K", "2K", "4K"]), "webHook": .text, "shutProgress": .flag, "variants": .whole(1...4),
      ],
      sizing: [
        .ratio("aspectRatio"), .pixels("aspectRatio"), .ratio("size"), .pixels("size"), .scale("imageSize"),
      ], count: "variants"),
    kind: .image, identifier: "14-<h8>-<h4>-<h4>-<h4>-<h12>",
    words: .init("running", "running", "succeeded", "failed", "failed"), item: #"{"url":"<url>","content":"done"}"#,
    created: enveloped(#"{"id":"<id>"}"#), states: tasks.mapValues(enveloped), waiting: .progressLines, lines: tasks)
}
