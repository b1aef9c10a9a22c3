/// The fields Crossfade acts on, told apart from the bytes of their names without making a string.

/// A family (`x-stainless-*`) shares one case unless a member of it has its own.
package enum KnownField: UInt8, Sendable, Hashable, CaseIterable {
  case other
  // Framing and connection.
  case host, contentLength, transferEncoding, connection, keepAlive, proxyConnection, te, trailer, upgrade, expect
  // Credentials.
  case authorization, proxyAuthenticate, proxyAuthorization, xAPIKey, apiKey, googAPIKey, cookie, setCookie
  // Content.
  case contentType, contentEncoding, acceptEncoding, retryAfter, retryAfterMilliseconds, date, server, userAgent
  // Attribution: who the application says it is.
  case httpReferer, referer, origin, xTitle, openRouterAttribution
  // Vendors and SDKs.
  case crossfade, forwarded, stainless, stainlessRetryCount, sessionID, anthropicVersion, liteLLMCost, edenAICost

  /// The field that the name in `range` belongs to, decided by length and a comparison that ignores ASCII case.
  @inline(__always)
  package init(name range: Range<Int>, in bytes: RawSpan) {
    self = Self.recognise(range, in: bytes)
  }

  private static func recognise(_ name: Range<Int>, in bytes: RawSpan) -> KnownField {
    switch name.count {
    case 2...9: short(name, in: bytes)
    case 10...13: medium(name, in: bytes)
    default: long(name, in: bytes)
    }
  }

  @inline(__always)
  private static func short(_ name: Range<Int>, in bytes: RawSpan) -> KnownField {
    func reads(_ text: StaticString) -> Bool { bytes.reads(name, asLowercase: text) }
    switch name.count {
    case 2: return reads("te") ? .te : .other
    case 4: return reads("host") ? .host : reads("date") ? .date : .other
    case 6:
      if reads("expect") { return .expect }
      if reads("cookie") { return .cookie }
      if reads("origin") { return .origin }
      return reads("server") ? .server : .other
    case 7:
      if reads("api-key") { return .apiKey }
      if reads("referer") { return .referer }
      if reads("x-title") { return .xTitle }
      if reads("upgrade") { return .upgrade }
      return reads("trailer") ? .trailer : .other
    case 9:
      if reads("x-api-key") { return .xAPIKey }
      return reads("forwarded") ? .forwarded : .other
    default: return .other
    }
  }

  @inline(__always)
  private static func medium(_ name: Range<Int>, in bytes: RawSpan) -> KnownField {
    func reads(_ text: StaticString) -> Bool { bytes.reads(name, asLowercase: text) }
    switch name.count {
    case 10:
      if reads("connection") { return .connection }
      if reads("user-agent") { return .userAgent }
      if reads("keep-alive") { return .keepAlive }
      if reads("set-cookie") { return .setCookie }
    case 11:
      if reads("retry-after") { return .retryAfter }
    case 12:
      if reads("content-type") { return .contentType }
      if reads("http-referer") { return .httpReferer }
      if reads("x-session-id") { return .sessionID }
    default:
      if reads("authorization") { return .authorization }
      if reads("x-edenai-cost") { return .edenAICost }
    }
    return family(name, in: bytes)
  }

  @inline(__always)
  private static func long(_ name: Range<Int>, in bytes: RawSpan) -> KnownField {
    func reads(_ text: StaticString) -> Bool { bytes.reads(name, asLowercase: text) }
    switch name.count {
    case 14:
      if reads("content-length") { return .contentLength }
      if reads("retry-after-ms") { return .retryAfterMilliseconds }
      if reads("x-goog-api-key") { return .googAPIKey }
    case 15:
      if reads("accept-encoding") { return .acceptEncoding }
    case 16:
      if reads("content-encoding") { return .contentEncoding }
      if reads("proxy-connection") { return .proxyConnection }
    case 17:
      if reads("transfer-encoding") { return .transferEncoding }
      if reads("anthropic-version") { return .anthropicVersion }
    case 18:
      if reads("proxy-authenticate") { return .proxyAuthenticate }
    case 19:
      if reads("proxy-authorization") { return .proxyAuthorization }
    case 23:
      if reads("x-stainless-retry-count") { return .stainlessRetryCount }
      if reads("x-litellm-response-cost") { return .liteLLMCost }
    default: break
    }
    return family(name, in: bytes)
  }

  @inline(__always)
  private static func family(_ name: Range<Int>, in bytes: RawSpan) -> KnownField {
    guard name.count >= 12, bytes.begins(name, withLowercase: "x-") else { return .other }
    if bytes.begins(name, withLowercase: "x-stainless-") { return .stainless }
    if bytes.begins(name, withLowercase: "x-forwarded-") { return .forwarded }
    if bytes.begins(name, withLowercase: "x-crossfade-") { return .crossfade }
    return bytes.begins(name, withLowercase: "x-openrouter-") ? .openRouterAttribution : .other
  }
}
