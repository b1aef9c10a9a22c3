/// The request methods that change how a message is framed or routed.

package enum HTTPMethod: UInt8, Sendable, Hashable, CaseIterable {
  case get, head, post, put, patch, delete, options, connect, trace
  /// Any other token; its bytes are at `RequestHead.methodRange`.
  case other

  /// Methods are case-sensitive: `get` is another method than `GET`.
  init(_ range: Range<Int>, in bytes: RawSpan) {
    func reads(_ text: StaticString) -> Bool {
      for index in 0..<range.count where bytes.octet(at: range.lowerBound + index) != text.utf8Start[index] {
        return false
      }
      return true
    }
    switch range.count {
    case 3: self = reads("GET") ? .get : reads("PUT") ? .put : .other
    case 4: self = reads("POST") ? .post : reads("HEAD") ? .head : .other
    case 5: self = reads("PATCH") ? .patch : reads("TRACE") ? .trace : .other
    case 6: self = reads("DELETE") ? .delete : .other
    case 7: self = reads("OPTIONS") ? .options : reads("CONNECT") ? .connect : .other
    default: self = .other
    }
  }
}
