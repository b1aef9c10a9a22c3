/// The things that a request for pictures or videos asks for and that have a price: how many, how large, how long.

package struct MediaAmount: Sendable, Equatable {
  package var pictures = 1
  /// Of one picture; nil where the request does not say it in pixels.
  package var megapixels: Double?
  /// Of a video; nil where the request does not say.
  package var seconds: Double?

  package init(pictures: Int = 1, megapixels: Double? = nil, seconds: Double? = nil) {
    self.pictures = pictures
    self.megapixels = megapixels
    self.seconds = seconds
  }
}

extension RequestFacts {
  /// - Parameter body: that these facts were read from.
  package func mediaAmount(in body: RawSpan) -> MediaAmount {
    var amount = MediaAmount(pictures: choiceCount)
    if case .pixels(let width, let height) = PictureShape(self, in: body) {
      amount.megapixels = Double(width) * Double(height) / 1e6
    }
    for name in [FieldName("duration"), FieldName("seconds")] {
      guard let text = value(of: name).flatMap({ RequestReader.scalar(body, $0) }) else { continue }
      amount.seconds = Decimal.parse(text.hasSuffix("s") ? String(text.dropLast()) : text)
    }
    return amount
  }
}
