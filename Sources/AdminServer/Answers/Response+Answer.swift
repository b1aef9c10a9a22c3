/// An answer as a response, with the headers that keep browsers from framing, guessing, caching or lending it out.

import HTTPTypes
import Hummingbird

extension Response {
  init(_ answer: Answer, isHead: Bool) {
    var fields = HTTPFields()
    fields[.contentType] = answer.contentType
    fields[.cacheControl] = "no-store"
    fields[.xContentTypeOptions] = "nosniff"
    fields[HeaderName.frameOptions] = "DENY"
    fields[HeaderName.referrerPolicy] = "no-referrer"
    fields[HeaderName.resourcePolicy] = "same-origin"
    fields[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
    for (name, value) in answer.headers {
      if let name = HTTPField.Name(name) { fields[name] = value }
    }
    let response = Response(
      status: .init(code: answer.status), headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: answer.body)))
    self = isHead ? response.createHeadResponse() : response
  }
}

enum HeaderName {
  static let origin = HTTPField.Name("Origin")!
  static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!
  static let frameOptions = HTTPField.Name("X-Frame-Options")!
  static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
  static let resourcePolicy = HTTPField.Name("Cross-Origin-Resource-Policy")!
}
