/// A picture or a video that an application asks for, taken out of its request; or why that cannot be asked of a vendor that
/// works by jobs.

package import Dialects

package struct MediaRequest: Sendable, Equatable {
  package enum Kind: Sendable { case pictures, videos }

  /// The form in which the application expects what comes out.
  package enum Form: Sendable, Equatable {
    case chat, chatStream
    /// - Parameter links: it wants URLs in place of the pictures.
    case images(links: Bool)
    case imagesStream
    case video
  }

  package var form: Form
  package var prompt: [UInt8]
  /// URLs, `data:` ones too, each as a JSON string's inside.
  package var references: [[UInt8]] = []
  package var aspect: String?
  package var resolution: String?
  package var size: PictureSize?
  package var count: Int?
  package var seed: Int?
  package var outputFormat: String?
  /// Seconds.
  package var duration: Double?

  package var kind: Kind { form == .video ? .videos : .pictures }

  /// - Parameter body: a chat that asks for a picture, without what no candidate is to see.
  package init(chat body: [UInt8]) throws(Untranslatable) {
    self = try Self.chat(try Self.document(body))
    guard !isBlank(prompt) else { throw .unreadable }
  }

  /// - Parameter body: of a request to `/images`.
  package init(images body: [UInt8]) throws(Untranslatable) {
    self = try Self.images(try Self.document(body))
    guard !isBlank(prompt) else { throw .unreadable }
  }

  /// - Parameter body: of a request to `/videos`.
  package init(video body: [UInt8]) throws(Untranslatable) {
    self = try Self.video(try Self.document(body))
    guard !isBlank(prompt) else { throw .unreadable }
  }

  private static func document(_ body: [UInt8]) throws(Untranslatable) -> JSONSlice {
    guard let request = JSONSlice(body), request.kind == .object else { throw .unreadable }
    return request
  }

  private init(form: Form, prompt: [UInt8]) {
    self.form = form
    self.prompt = prompt
  }

  // MARK: the endpoints that are asked in fields

  private static func images(_ request: JSONSlice) throws(Untranslatable) -> MediaRequest {
    guard let prompt = request["prompt"]?.textBytes else { throw .unreadable }
    if said(request["mask"]) != nil { throw .contentPart }
    let wantsLinks = request["response_format"]?.reads("url") == true
    var media = MediaRequest(
      form: request["stream"]?.isTrue == true ? .imagesStream : .images(links: wantsLinks), prompt: prompt)
    try media.readSize(request)
    if let count = said(request["n"]) {
      guard let number = count.integer, MediaAmount.isMakeable(pictures: number) else { throw .schemaNotExpressible }
      media.count = number
    }
    media.outputFormat = request["output_format"]?.text
    return media
  }

  private static func video(_ request: JSONSlice) throws(Untranslatable) -> MediaRequest {
    guard let prompt = request["prompt"]?.textBytes else { throw .unreadable }
    // First and last frames: no vendor's row has words for which is which.
    if let frames = said(request["frame_images"]), frames.kind != .array || !frames.elements.isEmpty {
      throw .contentPart
    }
    var media = MediaRequest(form: .video, prompt: prompt)
    try media.readSize(request)
    let duration = said(request["duration"]) ?? said(request["seconds"])
    if let duration {
      guard let seconds = duration.double ?? duration.text.flatMap(Double.init),
        MediaAmount.isMakeable(seconds: seconds)
      else { throw .schemaNotExpressible }
      media.duration = seconds
    }
    return media
  }

  private mutating func readSize(_ request: JSONSlice) throws(Untranslatable) {
    aspect = request["aspect_ratio"]?.text
    resolution = request["resolution"]?.text
    seed = request["seed"]?.integer
    if let text = request["size"]?.text, text != "auto" {
      guard let size = PictureSize(text) else { throw .schemaNotExpressible }
      self.size = size
    }
    for name in ["input_references", "image_urls", "images"] as [StaticString] {
      for part in request[name]?.elements ?? [] { try addReference(part["image_url"] ?? part) }
    }
    for name in ["image", "image_url"] as [StaticString] {
      if let one = said(request[name]) { try addReference(one) }
    }
  }

  fileprivate mutating func addReference(_ value: JSONSlice) throws(Untranslatable) {
    guard let url = value.inside ?? value["url"]?.inside, !url.isEmpty else { throw .contentPart }
    references.append(Array(url))
  }
}

// MARK: a chat that asks for a picture

extension MediaRequest {
  /// A vendor of pictures has no conversation: one turn is all that can be asked of it.
  private static func chat(_ request: JSONSlice) throws(Untranslatable) -> MediaRequest {
    let words = request["modalities"]?.elements ?? []
    guard words.contains(where: { $0.reads("image") }) else { throw .endpointAbsent }
    guard words.allSatisfy({ $0.reads("image") || $0.reads("text") }) else { throw .contentPart }
    let tools = (request["tools"]?.elements ?? []) + (request["functions"]?.elements ?? [])
    guard tools.isEmpty, said(request["response_format"]) == nil else { throw .schemaNotExpressible }
    if let n = said(request["n"]), n.integer != 1 { throw .severalChoices }
    var media = MediaRequest(form: request["stream"]?.isTrue == true ? .chatStream : .chat, prompt: [])
    var userTurns = 0
    for message in request["messages"]?.elements ?? [] {
      guard let role = message["role"], !role.reads("assistant"), !role.reads("tool") else { throw .endpointAbsent }
      if role.reads("user") { userTurns += 1 }
      try media.add(message["content"])
    }
    guard userTurns == 1 else { throw .endpointAbsent }
    let size = request["image_config"]
    media.aspect = size?["aspect_ratio"]?.text
    media.resolution = size?["image_size"]?.text
    media.seed = request["seed"]?.integer
    return media
  }

  private mutating func add(_ content: JSONSlice?) throws(Untranslatable) {
    guard let content = said(content) else { return }
    if let text = content.textBytes { return addText(text) }
    for part in content.elements {
      guard let type = part["type"] else { throw .unreadable }
      if type.reads("text"), let text = part["text"]?.textBytes {
        addText(text)
      } else if type.reads("image_url"), let picture = part["image_url"] {
        try addReference(picture)
      } else {
        throw .contentPart
      }
    }
  }

  private mutating func addText(_ text: [UInt8]) {
    guard !isBlank(text) else { return }
    if !prompt.isEmpty { prompt += Array("\n\n".utf8) }
    prompt += text
  }
}
