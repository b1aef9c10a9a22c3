/// The place where a vendor says afterwards what one of its answers was billed: asked by the answer's id, read as a value.

import Dialects

/// A row of data, as all that a vendor is.
package struct BillPlace: Sendable, Equatable {
  /// After the arm's base URL; the id is put where it says `{id}`.
  package var path: String
  /// The beginning of the ids that it is asked by, where they stand in an answer's body; bodies may have others.
  package var prefix: String
  /// Members down to the USD that were billed, each but the last one an object; the first place that has a number counts.
  package var places: [[String]]
  /// The flag that says that the vendor was only paid a fee, and the place of what its own vendor billed beside it.
  package var ownKey: [String]
  package var beside: [String]

  package init(
    _ path: String, prefix: String, places: [[String]], ownKey: [String] = [], beside: [String] = []
  ) {
    self.path = path
    self.prefix = prefix
    self.places = places
    self.ownKey = ownKey
    self.beside = beside
  }

  /// The longest id that is asked by.
  package static let idLimit = 64

  /// - Parameter id: the vendor's own word, which must not become another part of a request.
  /// - Returns: nil for what is no plain id.
  package func path(of id: String) -> String? {
    Self.isPlain(id) ? path.replacing("{id}", with: id) : nil
  }

  /// The id that an answer can be asked after by.
  ///
  /// - Parameters:
  ///   - head: as its head gave it.
  ///   - body: as its body gave it; read only where the head gave none.
  package func id(head: String?, body: @autoclosure () -> String?) -> String? {
    if let head { return Self.isPlain(head) ? head : nil }
    return body().flatMap { $0.hasPrefix(prefix) && Self.isPlain($0) ? $0 : nil }
  }

  private static func isPlain(_ id: String) -> Bool {
    (1...idLimit).contains(id.utf8.count) && id.utf8.allSatisfy(isPlain)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// - Parameter retryAfter: what the answer asks to wait.
  package func reply(status: Int, body: [UInt8], retryAfter: Duration?) -> BillReply {
    switch status {
    case 200..<300: dollars(in: body).map(BillReply.billed) ?? .notYet
    case 404: .notYet
    case 401, 403: .refused(status: status)
    case 429: .limited(retryAfter)
    case 503 where retryAfter != nil: .limited(retryAfter)
    default: .failed
    }
  }

  private func dollars(in body: [UInt8]) -> Double? {
    guard let document = JSONTree(body.span.bytes),
      let billed = PlausibleCost.of(places.lazy.compactMap({ Self.value(at: $0, in: document)?.double }).first)
    else { return nil }
    guard Self.value(at: ownKey, in: document) == .bool(true) else { return billed }
    return billed + (PlausibleCost.of(Self.value(at: beside, in: document)?.double) ?? 0)
  }

  private static func value(at place: [String], in document: JSONTree) -> JSONTree? {
    place.isEmpty ? nil : place.reduce(document) { $0?[$1] }
  }
}

/// The answer to one question after a bill.
package enum BillReply: Sendable, Equatable {
  /// USD.
  case billed(Double)
  /// There is no record of it, or none that says a cost.
  case notYet
  /// The key may not ask.
  case refused(status: Int)
  /// It was asked too often.
  case limited(Duration?)
  /// No answer, or one that says nothing.
  case failed
}

extension BillPlace {
  /// `GET /generation?id=`, of the same key; with a vendor's key of one's own `total_cost` is OpenRouter's fee alone.
  static let openRouter = BillPlace(
    "/generation?id={id}", prefix: "gen-", places: [["data", "total_cost"], ["data", "usage"]],
    ownKey: ["data", "is_byok"],
    beside: ["data", "upstream_inference_cost"])
}
