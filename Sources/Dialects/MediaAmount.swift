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

extension MediaAmount {
  /// The most that a vendor makes for one request. What asks for more, or for nothing, no candidate is given: somebody might try.
  private static let (pictureLimit, secondsLimit) = (10, 600.0)

  package static func isMakeable(pictures: Int) -> Bool { (1...pictureLimit).contains(pictures) }
  package static func isMakeable(seconds: Double) -> Bool { seconds > 0 && seconds <= secondsLimit }
}

extension RequestFacts {
  /// Whether it asks for as many pictures, or as long a video, as somebody makes.
  func asksForMakeable(in body: RawSpan) -> Bool {
    if let n = said(FieldName("n"), body), !(Int(n).map(MediaAmount.isMakeable(pictures:)) ?? false) { return false }
    return [FieldName("duration"), FieldName("seconds")].allSatisfy { name in
      guard let text = said(name, body) else { return true }
      return Self.seconds(text).map(MediaAmount.isMakeable(seconds:)) ?? false
    }
  }

  private func said(_ name: FieldName, _ body: RawSpan) -> String? {
    value(of: name).flatMap { RequestReader.scalar(body, $0) }
  }

  /// `8`, `8s`.
  private static func seconds(_ text: String) -> Double? {
    Decimal.parse(text.hasSuffix("s") ? String(text.dropLast()) : text)
  }

  /// - Parameter body: that these facts were read from.
  package func mediaAmount(in body: RawSpan) -> MediaAmount {
    var amount = MediaAmount(pictures: choiceCount)
    if case .pixels(let width, let height) = PictureShape(self, in: body) {
      amount.megapixels = Double(width) * Double(height) / 1e6
    }
    for name in [FieldName("duration"), FieldName("seconds")] {
      if let text = said(name, body) { amount.seconds = Self.seconds(text) }
    }
    return amount
  }
}
