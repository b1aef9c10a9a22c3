/// Reads which size of a picture or a video a request asks for, and says it in an arm's own words.

package enum PictureShape: Sendable, Equatable {
  /// Nothing is said of it, or `auto`.
  case unsaid
  case pixels(width: Int, height: Int)
  /// Words that mean no sure number of pixels.
  case words

  /// The members that say it, of which `size` goes before the others.
  static func isSaid(by name: RequestName?) -> Bool {
    switch name {
    case .size, .resolution, .aspectRatio: true
    default: false
    }
  }

  /// - Parameter body: that the facts were read from.
  package init(_ facts: RequestFacts, in body: RawSpan) {
    func text(_ name: RequestName) -> String? {
      facts.places.last { $0.name == name }.flatMap { RequestReader.scalar(body, $0.value) }
    }
    if let size = text(.size) {
      self = Self(size: size) ?? (size == "auto" ? .unsaid : .words)
    } else {
      let (resolution, ratio) = (text(.resolution), text(.aspectRatio))
      let isUnsaid = (resolution ?? "auto") == "auto" && (ratio ?? "auto") == "auto"
      self = isUnsaid ? .unsaid : Self.sizes["\(resolution ?? "1K") \(ratio ?? "1:1")"] ?? .words
    }
  }

  /// `1024x1536`, or with a star in the middle.
  private init?(size: String) {
    let sides = size.split(omittingEmptySubsequences: false) { $0 == "x" || $0 == "*" }
    guard sides.count == 2, let width = Int(sides[0]), let height = Int(sides[1]), (1...65536).contains(width),
      (1...65536).contains(height)
    else { return nil }
    self = .pixels(width: width, height: height)
  }

  /// Where every vendor means the same by OpenRouter's words; nothing is guessed of the others.
  private static let sizes: [String: PictureShape] = [
    "1K 1:1": .pixels(width: 1024, height: 1024), "1K 3:2": .pixels(width: 1536, height: 1024),
    "1K 2:3": .pixels(width: 1024, height: 1536), "512 1:1": .pixels(width: 512, height: 512),
    "720p 16:9": .pixels(width: 1280, height: 720), "720p 9:16": .pixels(width: 720, height: 1280),
    "1080p 16:9": .pixels(width: 1920, height: 1080), "1080p 9:16": .pixels(width: 1080, height: 1920),
  ]
}

/// The members that stand for a size, and for a video's length, at an arm.
package enum PictureForm: Sendable, Hashable {
  /// `"size":"1024x1024"`
  case size
  /// `"image_size":"1024x1024"`
  case imageSize
  /// `"width":1024,"height":1024`
  case widthHeight
  /// `"size":"1280x720"`, and for `duration` `"seconds":"8"`.
  case sizeAndSeconds

  func member(width: Int, height: Int) -> [UInt8] {
    switch self {
    case .size, .sizeAndSeconds: Array(#""size":"\#(width)x\#(height)""#.utf8)
    case .imageSize: Array(#""image_size":"\#(width)x\#(height)""#.utf8)
    case .widthHeight: Array(#""width":\#(width),"height":\#(height)"#.utf8)
    }
  }

  /// The members that it can write.
  package var names: [String] {
    switch self {
    case .size: ["size"]
    case .imageSize: ["image_size"]
    case .widthHeight: ["width", "height"]
    case .sizeAndSeconds: ["size", "seconds"]
    }
  }

  /// What stands for a member, for people; empty where nothing does, nil where it has nothing to say of this one.
  func words(for name: RequestName?) -> String? {
    if self == .sizeAndSeconds, name == .duration { return "seconds" }
    guard PictureShape.isSaid(by: name) else { return nil }
    let saysItself = name == .size && (self == .size || self == .sizeAndSeconds)
    return saysItself ? nil : names.filter { $0 != "seconds" }.joined(separator: " and ")
  }

  /// Nil where it has nothing to say of this member.
  func fate(of place: RequestFacts.Place, in facts: RequestFacts, _ body: RawSpan) -> MemberFate? {
    if self == .sizeAndSeconds, place.name == .duration {
      guard let seconds = RequestReader.scalar(body, place.value), facts.value(of: Self.seconds) == nil else {
        return .dropped
      }
      return .replaced(Array(#""seconds":"#.utf8) + JSONText.encoded(seconds))
    }
    guard PictureShape.isSaid(by: place.name) else { return nil }
    let saysItself = place.name == .size && (self == .size || self == .sizeAndSeconds)
    guard !saysItself else { return .kept }
    guard case .pixels(let width, let height) = PictureShape(facts, in: body),
      // Where it says the size itself, that member stays.
      self == .imageSize || self == .widthHeight || !facts.places.contains(where: { $0.name == .size }),
      facts.places.first(where: { PictureShape.isSaid(by: $0.name) })?.key == place.key
    else { return .dropped }
    return .replaced(member(width: width, height: height))
  }

  private static let seconds = FieldName("seconds")
}

extension RequestFacts {
  /// The things that a request for pictures or videos asks for and not every arm has.
  ///
  /// - Parameter body: that these facts were read from.
  package func mediaTraits(on endpoint: Endpoint, in body: RawSpan) -> RequestTraits {
    var traits = RequestTraits()
    if endpoint.isMedia, !asksForMakeable(in: body) { traits.formUnion(.oddAmount) }
    if endpoint == .images, stream { traits.formUnion(.pictureStream) }
    for place in places where Self.isReference(place.name, self, place) && RequestReader.says(body, place.value) {
      traits.formUnion(place.name == .callbackURL ? .storedState : .pictureReference)
    }
    switch PictureShape(self, in: body) {
    case .unsaid: break
    case .pixels: traits.formUnion(.pictureSize)
    case .words: traits.formUnion(.pictureShape)
    }
    return traits
  }

  /// Pictures to begin from, and whom to tell.
  private static func isReference(_ name: RequestName?, _ facts: RequestFacts, _ place: Place) -> Bool {
    switch name {
    case .inputReferences, .frameImages, .image, .callbackURL: true
    case nil: ["images", "image_url", "image_urls", "mask", "input_reference"].contains(facts.otherKeys[place.other])
    default: false
    }
  }
}
