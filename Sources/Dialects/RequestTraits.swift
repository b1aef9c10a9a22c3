/// The things a request asks for that not every arm may or can give; eligibility is decided by them.

package struct RequestTraits: OptionSet, Sendable, Hashable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  // What is asked for every request is concrete: from another module, `OptionSet` looks up in its witness tables what
  // these do with a word.
  package init() { rawValue = 0 }
  package var isEmpty: Bool { rawValue == 0 }
  package func contains(_ other: RequestTraits) -> Bool { rawValue & other.rawValue == other.rawValue }
  package func union(_ other: RequestTraits) -> RequestTraits { RequestTraits(rawValue: rawValue | other.rawValue) }
  package func intersection(_ other: RequestTraits) -> RequestTraits {
    RequestTraits(rawValue: rawValue & other.rawValue)
  }

  // Demands on the provider.
  package static let zeroRetention = RequestTraits(rawValue: 1 << 0)
  package static let noDataCollection = RequestTraits(rawValue: 1 << 1)
  package static let onlyProviders = RequestTraits(rawValue: 1 << 2)
  package static let ignoredProviders = RequestTraits(rawValue: 1 << 3)
  package static let region = RequestTraits(rawValue: 1 << 4)
  package static let distillableText = RequestTraits(rawValue: 1 << 5)
  // What would happen twice, or lies where no other gateway can see it.
  package static let serverTools = RequestTraits(rawValue: 1 << 6)
  package static let storedState = RequestTraits(rawValue: 1 << 7)
  // What OpenRouter alone knows.
  package static let webPlugin = RequestTraits(rawValue: 1 << 8)
  /// `models`: which others may answer.
  package static let fallbackList = RequestTraits(rawValue: 1 << 9)
  /// A plugin that chooses the model.
  package static let modelRouter = RequestTraits(rawValue: 1 << 10)
  // What not every dialect or model has.
  package static let audioPart = RequestTraits(rawValue: 1 << 11)
  package static let filePart = RequestTraits(rawValue: 1 << 12)
  package static let videoPart = RequestTraits(rawValue: 1 << 13)
  package static let severalChoices = RequestTraits(rawValue: 1 << 14)
  package static let logprobs = RequestTraits(rawValue: 1 << 15)
  /// `tool_choice` binds the model to a call.
  package static let boundToolChoice = RequestTraits(rawValue: 1 << 17)
  /// A schema for the answer beside tools, or in a stream.
  package static let schemaWithTools = RequestTraits(rawValue: 1 << 18)
  /// `modalities` asks for a picture.
  package static let pictures = RequestTraits(rawValue: 1 << 19)
  // Of requests for pictures and videos.
  /// Events while the picture is made.
  package static let pictureStream = RequestTraits(rawValue: 1 << 20)
  /// Pictures to begin from.
  package static let pictureReference = RequestTraits(rawValue: 1 << 21)
  /// A size in pixels, in whichever words.
  package static let pictureSize = RequestTraits(rawValue: 1 << 22)
  /// A size in words that mean no sure number of pixels.
  package static let pictureShape = RequestTraits(rawValue: 1 << 23)
  /// No picture, a thousand of them, a video without an end.
  package static let oddAmount = RequestTraits(rawValue: 1 << 24)
  /// The model's id ends in one of OpenRouter's variants, or is one of its own aliases.
  package static let modelVariant = RequestTraits(rawValue: 1 << 16)

  /// Which of OpenRouter's own words about a model the id holds (`:free`, `~latest`, `@preset/…`, `openrouter/auto`):
  /// from there on it means something there alone.
  package static func variant(of model: String) -> Substring? {
    if model.hasPrefix("~") || model.hasPrefix("openrouter/") { return model[...] }
    if let at = model.firstIndex(of: "@"), model[at...].hasPrefix("@preset/") { return model[at...] }
    guard let colon = model.lastIndex(of: ":") else { return nil }
    let suffix = model[colon...]
    return variants.contains(String(suffix)) ? suffix : nil
  }

  private static let variants: Set<String> = [
    ":free", ":nitro", ":floor", ":online", ":exacto", ":extended", ":thinking",
  ]
}
