/// What pictures and videos cost where answers do not say it: by picture, by their size, by a video's length.

package import Dialects

/// USD.
package struct MediaPrice: Sendable, Equatable {
  package var perImage: Double?
  package var perMegapixel: Double?
  package var perSecond: Double?
  /// For each of the units or credits that the vendor itself counts.
  package var perUnit: Double?

  package init(
    perImage: Double? = nil, perMegapixel: Double? = nil, perSecond: Double? = nil, perUnit: Double? = nil
  ) {
    self.perUnit = perUnit
    self.perImage = perImage
    self.perMegapixel = perMegapixel
    self.perSecond = perSecond
  }

  /// As much as the dearest in wide use ask: for arms that have no prices.
  package static let unknown = MediaPrice(perImage: 0.25, perSecond: 0.75)
  /// The size and the length that count where a request says none and a bound is asked for.
  private static let (largest, longest) = (4.2, 60.0)

  /// - Returns: nil where this has no price for it, or the amount is not known.
  package func dollars(_ amount: MediaAmount, of endpoint: Endpoint) -> Double? {
    guard endpoint == .images else { return times(perSecond, amount.seconds) }
    guard perImage != nil || perMegapixel != nil else { return nil }
    var dollars = perImage ?? 0
    if let perMegapixel {
      guard let megapixels = amount.megapixels else { return nil }
      dollars += perMegapixel * megapixels
    }
    return dollars * Double(amount.pictures)
  }

  /// What it can be at most, whatever is known.
  package func bound(_ amount: MediaAmount, of endpoint: Endpoint) -> Double {
    var amount = amount
    amount.megapixels = amount.megapixels ?? Self.largest
    amount.seconds = amount.seconds ?? Self.longest
    return dollars(amount, of: endpoint) ?? Self.unknown.dollars(amount, of: endpoint) ?? 0
  }

  private func times(_ price: Double?, _ count: Double?) -> Double? {
    price.flatMap { price in count.map { price * $0 } }
  }

  /// The dearest of all; nil where there is none.
  package static func dearest(of prices: some Collection<MediaPrice>) -> MediaPrice? {
    guard !prices.isEmpty else { return nil }
    return MediaPrice(
      perImage: prices.compactMap(\.perImage).max(), perMegapixel: prices.compactMap(\.perMegapixel).max(),
      perSecond: prices.compactMap(\.perSecond).max(), perUnit: prices.compactMap(\.perUnit).max())
  }

  /// By the playbook's own keys.
  package var parts: [(name: String, dollars: Double)] {
    [("per_image", perImage), ("per_megapixel", perMegapixel), ("per_second", perSecond), ("per_unit", perUnit)]
      .compactMap { name, dollars in
        dollars.map { (name, $0) }
      }
  }
}
