/// The caller's credentials, by value: whatever is kept of the exchange is to be without them.

import Dialects
import HTTPFraming
import NIOCore

extension InboundRequest {
  /// The credentials in head, query and body. Made for exchanges that are compared, never for others.
  var credentials: [String] {
    let bytes = bytes
    let span = bytes.readableBytesSpan
    var values: [String] = []
    for field in head.fields where Self.mayHoldCredential(field, span) {
      let value = span.text(field.value)
      values.append(value)
      // Behind a scheme, and in each of a cookie's pairs.
      for word in value.split(whereSeparator: { $0 == " " || $0 == ";" }) {
        values.append(String(word))
        if let equals = word.firstIndex(of: "=") { values.append(String(word[word.index(after: equals)...])) }
      }
    }
    var query = QueryParameters(of: pathAfterBase, in: span)
    while let parameter = query.next(in: span) {
      let pair = span.text(parameter.range).split(separator: "=", maxSplits: 1)
      if pair.count == 2, PrivateName.isCredential(String(pair[0])) { values.append(String(pair[1])) }
    }
    let body = body
    return values + (facts?.credentials(in: body.readableBytesSpan) ?? [])
  }

  private static func mayHoldCredential(_ field: FieldLine, _ bytes: RawSpan) -> Bool {
    switch field.id {
    case .authorization, .proxyAuthorization, .xAPIKey, .apiKey, .googAPIKey, .cookie, .disguisedCredential: true
    case .other: PrivateName.isCredential(bytes.text(field.name))
    default: false
    }
  }
}
