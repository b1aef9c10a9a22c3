/// The fields of requests for pictures and videos that vendors know: OpenRouter has words of its own for a size, and most
/// others refuse them.

import Dialects

extension FieldPolicy {
  /// OpenAI's own words, and those of gateways that pass them on to vendors which refuse others.
  static let openAIPictures = FieldPolicy(
    only: [
      "model", "prompt", "n", "size", "quality", "style", "background", "output_format", "output_compression",
      "moderation", "response_format", "stream", "partial_images",
    ], form: .size)

  /// Gateways that nothing is known about, but that they are not OpenRouter.
  static let unknownPictures = FieldPolicy(drop: openRouterOnly + ["input_references"], form: .size)

  /// Hosts that know few words, and no others.
  static func pictures(only names: [String], form: PictureForm? = nil) -> FieldPolicy {
    FieldPolicy(only: ["model", "prompt", "n"] + names + (form?.names ?? []), form: form)
  }

  static let togetherPictures = pictures(
    only: ["steps", "seed", "negative_prompt", "guidance_scale", "response_format"], form: .widthHeight
  ).with { $0.values = [ValueRename("response_format", "b64_json", to: "base64")] }

  static let siliconFlowPictures = pictures(
    only: ["batch_size", "seed", "num_inference_steps", "guidance_scale", "negative_prompt"], form: .imageSize
  ).with { $0.renames = [FieldRename(from: "n", to: "batch_size")] }

  /// OpenAI's videos.
  static let openAIVideos = FieldPolicy(only: ["model", "prompt", "size", "seconds"], form: .sizeAndSeconds)

  static let unknownVideos = FieldPolicy(drop: openRouterOnly, form: .sizeAndSeconds)
}
