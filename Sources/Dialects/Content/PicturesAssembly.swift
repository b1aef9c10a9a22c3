/// Assembles the pictures of an images answer: a list in the body, or one in each last event of a stream.

struct PicturesAssembly {
  private var media: [AnswerContent.Medium] = []

  mutating func read(_ document: JSONTree, isWhole: Bool) {
    guard !isWhole else {
      // SiliconFlow has no `data`.
      let list = document["data"]?.elements ?? document["images"]?.elements ?? []
      return media = list.prefix(AnswerContent.indexLimit).compactMap(AnswerContent.Medium.init(picture:))
    }
    guard document["type"]?.text?.hasSuffix(".completed") == true, media.count < AnswerContent.indexLimit else {
      return
    }
    if let picture = AnswerContent.Medium(picture: document) { media.append(picture) }
  }

  /// All pictures are one choice's; nil where there are none.
  var choice: AnswerContent.Choice? {
    guard !media.isEmpty else { return nil }
    var choice = AnswerContent.Choice()
    choice.media = media
    return choice
  }
}
