/// The status that a vendor's refusal has in everybody's language: many say 400, 429 or 200 where a key is wrong or an account
/// empty.

import Dialects

package enum JobRefusal {
  /// - Parameters:
  ///   - status: of the answer.
  ///   - code: that the document gives in its place, where it gives one.
  package static func status(_ status: Int, code: Int? = nil, _ body: [UInt8]) -> Int {
    let said = (200..<300).contains(status) ? code.flatMap { (400..<600).contains($0) ? $0 : nil } ?? 400 : status
    guard [400, 403, 422, 429, 500].contains(said) else { return said }
    if saysAccountIsSpent(body) { return 402 }
    return said == 400 && tellsOfKey(body) ? 401 : said
  }

  private static func tellsOfKey(_ body: [UInt8]) -> Bool {
    let text = String(decoding: body.prefix(4096), as: UTF8.self).lowercased()
    return ["api key", "apikey", "api_key", "unauthorized", "unauthenticated", "invalid token", "authentication"]
      .contains { text.contains($0) }
  }
}
