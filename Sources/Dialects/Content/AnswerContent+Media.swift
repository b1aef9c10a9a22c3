/// Finds the pictures and sounds of an answer, under the names that each dialect has for them.

extension AnswerContent.Medium {
  /// - Parameter picture: an element of `images`, or a part of OpenRouter's, OpenAI's or Anthropic's form.
  /// - Returns: nil where there is nothing in it.
  init?(picture: JSONTree) {
    let inner = picture["image_url"] ?? picture["source"] ?? picture
    let place = inner.text ?? inner["url"]?.text ?? inner["data"]?.text ?? picture["b64_json"]?.text
    guard let place, !place.isEmpty else { return nil }
    let named = inner["media_type"]?.text ?? picture["media_type"]?.text
    self.init(isSound: false, type: named ?? Self.type(ofDataURL: place))
  }

  /// Those among a list of content parts.
  static func of(parts: JSONTree) -> [Self] {
    parts.elements.compactMap { part in
      guard let type = part["type"]?.text else { return nil }
      return type.contains("image") ? Self(picture: part) : nil
    }
  }

  /// `data:image/png;base64,…`
  private static func type(ofDataURL url: String) -> String? {
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
