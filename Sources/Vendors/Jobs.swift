/// The vendors that make pictures and videos by jobs, in their own words.

import MediaJobs

extension JobRow {
  /// Its client asks for the answer to be waited for; here a poll is never far, and a connection is not held for it.
  static let replicate = JobRow(
    "https://api.replicate.com/v1",
    pictures: .replicate(
      MediaNames(
        references: "image_input", aspect: "aspect_ratio", resolution: "resolution", count: "num_outputs",
        format: "output_format")),
    videos: .replicate(
      MediaNames(
        references: "image", aspect: "aspect_ratio", resolution: "resolution", count: "num_outputs",
        duration: "duration")))

  static let fal = JobRow(
    "https://queue.fal.run",
    pictures: .fal(
      MediaNames(
        references: "image_urls", aspect: "aspect_ratio", resolution: "resolution", count: "num_images",
        format: "output_format")),
    videos: .fal(
      MediaNames(references: "image_url", aspect: "aspect_ratio", resolution: "resolution", duration: "duration")))

  static let wavespeed = JobRow(
    "https://api.wavespeed.ai/api/v3",
    pictures: .wavespeed(
      MediaNames(
        references: "images", aspect: "aspect_ratio", resolution: "resolution", size: MediaNames.Size("size", "*"),
        count: "num_images", format: "output_format")),
    videos: .wavespeed(
      MediaNames(
        references: "image", aspect: "aspect_ratio", resolution: "resolution", size: MediaNames.Size("size", "*"),
        duration: "duration")))

  static let evolink = JobRow(
    "https://api.evolink.ai/v1",
    pictures: .evolink(
      "/v1/images/generations",
      MediaNames(
        model: "model", references: "image_urls", takesDataURLs: false, aspect: "size", resolution: "quality",
        count: "n")),
    videos: .evolink(
      "/v1/videos/generations",
      MediaNames(
        model: "model", references: "image_urls", takesDataURLs: false, aspect: "aspect_ratio", resolution: "quality",
        duration: "duration")))

  static let grsai = JobRow(
    "https://grsaiapi.com/v1",
    pictures: JobForm(
      submit: "/v1/draw/nano-banana", fixed: #""webHook":"-1","shutProgress":true"#,
      names: MediaNames(
        model: "model", references: "urls", aspect: "aspectRatio", resolution: "imageSize", seed: nil),
      id: ["data.id", "id"], poll: JobRequest("POST", path: "/v1/draw/result", body: #"{"id":{id}}"#),
      status: "data.status", code: JobForm.Code("code", success: 0), outputs: ["data.results[].url", "results[].url"],
      error: ["data.failure_reason", "data.error", "msg"]))

  static let togetherVideos = JobRow(
    "https://api.together.ai/v2",
    videos: JobForm(
      submit: "/v2/videos", names: MediaNames(model: "model", seed: nil, duration: "seconds", quotesDuration: true),
      poll: JobRequest(path: "/v2/videos/{id}"), outputs: ["outputs.video_url"], error: ["error.message", "error"],
      bill: JobForm.Bill(dollars: "outputs.cost")))

  static let zaiVideos = JobRow(
    "https://api.z.ai/api/paas/v4",
    videos: JobForm(
      submit: "/api/paas/v4/videos/generations",
      names: MediaNames(
        model: "model", references: "image_url", size: MediaNames.Size("size"), seed: nil, duration: "duration"),
      poll: JobRequest(path: "/api/paas/v4/async-result/{id}"), status: "task_status",
      outputs: ["video_result[].url", "image_result[].url"], error: ["error.message", "error"]))

  /// GUESS: the path; a size and a length are said beside `input`, where this has no words.
  static let dashscopeVideos = JobRow(
    "https://dashscope-intl.aliyuncs.com/api/v1",
    videos: JobForm(
      submit: "/api/v1/services/aigc/video-generation/video-synthesis",
      headers: [JobForm.Header("X-DashScope-Async", "enable")], wrapper: "input", fixed: #""model":{model}"#,
      names: MediaNames(references: "img_url", seed: nil), id: ["output.task_id"],
      poll: JobRequest(path: "/api/v1/tasks/{id}"), status: "output.task_status", outputs: ["output.video_url"],
      error: ["output.message", "message"]))
}

extension JobForm {
  fileprivate static func replicate(_ names: MediaNames) -> JobForm {
    JobForm(
      submit: "/v1/models/{model}/predictions", wrapper: "input", names: names,
      poll: JobRequest(link: "urls.get", path: "/v1/predictions/{id}"),
      cancel: JobRequest("POST", link: "urls.cancel", path: "/v1/predictions/{id}/cancel"), outputs: ["output"],
      error: ["error", "detail", "title"], bill: Bill(seconds: "metrics.predict_time"))
  }

  /// Its addresses are never built by hand: they leave out parts of the app's name.
  fileprivate static func fal(_ names: MediaNames) -> JobForm {
    JobForm(
      submit: "/{model}", names: names, id: ["request_id"], poll: JobRequest(link: "status_url", mark: "/requests/"),
      result: JobRequest(link: "response_url"), cancel: JobRequest("PUT", link: "cancel_url"),
      outputs: ["images[].url", "image.url", "video.url", "videos[].url"], error: ["error", "detail"],
      bill: Bill(unitsHeader: "x-fal-billable-units"))
  }

  fileprivate static func wavespeed(_ names: MediaNames) -> JobForm {
    JobForm(
      submit: "/api/v3/{model}", names: names, id: ["data.id"],
      poll: JobRequest(link: "data.urls.get", path: "/api/v3/predictions/{id}/result"), status: "data.status",
      code: Code("code", success: 200), outputs: ["data.outputs"], error: ["data.error", "message"])
  }

  fileprivate static func evolink(_ submit: String, _ names: MediaNames) -> JobForm {
    JobForm(
      submit: submit, names: names, poll: JobRequest(path: "/v1/tasks/{id}"),
      outputs: ["results", "result_data[].image_url", "result_data[].video_url"],
      error: ["error.message", "error"], bill: Bill(credits: "usage.credits_reserved"))
  }
}
