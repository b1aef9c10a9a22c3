/// Finds the pictures and sounds of an answer, under the names that each dialect has for them.

extension AnswerContent.Medium {
  /// - Parameter picture: an element of `images`, or a part of OpenRouter's, OpenAI's or Anthropic's form.
  /// - Returns: nil where there is nothing in it.
  init?(picture: JSONTree) {
    let inner = picture["image_url"] ?? picture["source"] ?? picture
    let place = inner.text ?? inner["url"]?.text ?? inner["data"]?.text ?? picture["b64_json"]?.text
    guard let place, !place.isEmpty else { return nil }
    let named = inner["media_type"]?.text ?? picture["media_type"]?.text
    if let kept = Self(placeholder: place) {
      self = kept
      type = type ?? named
    } else if place.hasPrefix("http://") || place.hasPrefix("https://") {
      self.init(isSound: false, type: named ?? Self.type(ofURL: place))
    } else {
      let comma = place.hasPrefix("data:") ? place.utf8.prefix(128).firstIndex(of: UInt8(ascii: ",")) : nil
      var digest = PictureDigest()
      for byte in place.utf8[(comma.map(place.utf8.index(after:)) ?? place.utf8.startIndex)...] { digest.read(byte) }
      self = digest.medium(named: named ?? Self.type(ofDataURL: place))
    }
  }

  /// By the end of its path.
  private static func type(ofURL url: String) -> String? {
    let path = url.prefix(2048).prefix { $0 != "?" && $0 != "#" }
    guard let dot = path.lastIndex(of: ".") else { return nil }
    return switch path[path.index(after: dot)...].lowercased() {
    case "png": "image/png"
    case "jpg", "jpeg": "image/jpeg"
    case "webp": "image/webp"
    case "gif": "image/gif"
    case "avif": "image/avif"
    case "mp4": "video/mp4"
    default: nil
    }
  }

  /// Those among a list of content parts.
  static func of(parts: JSONTree) -> [Self] {
    parts.elements.compactMap { part in
      guard let type = part["type"]?.text else { return nil }
      return type.contains("image") ? Self(picture: part) : nil
    }
  }

  /// `data:image/png;base64,…`
  static func type(ofDataURL url: String) -> String? {
    guard url.hasPrefix("data:") else { return nil }
    let type = url.dropFirst(5).prefix(64).prefix { $0 != ";" && $0 != "," }
    return type.isEmpty ? nil : String(type)
  }
}

extension [AnswerContent.Medium] {
  /// A stream brings a sound in pieces, of which there is one in an answer.
  mutating func addSound(_ audio: JSONTree) {
    let isEmpty = [audio["data"]?.text, audio["transcript"]?.text].allSatisfy { $0?.isEmpty ?? true }
    guard !isEmpty, !contains(where: \.isSound) else { return }
    append(AnswerContent.Medium(isSound: true, type: nil))
  }
}
