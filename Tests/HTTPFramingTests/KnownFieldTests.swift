/// Known fields are told apart in any case of letters, and nothing near them is mistaken for one.

import HTTPFraming
import Testing

@Suite struct KnownFieldTests {
  private static let names: [(String, KnownField)] = [
    ("host", .host), ("content-length", .contentLength), ("transfer-encoding", .transferEncoding),
    ("connection", .connection), ("keep-alive", .keepAlive), ("proxy-connection", .proxyConnection), ("te", .te),
    ("trailer", .trailer), ("upgrade", .upgrade), ("expect", .expect), ("authorization", .authorization),
    ("proxy-authenticate", .proxyAuthenticate), ("proxy-authorization", .proxyAuthorization), ("x-api-key", .xAPIKey),
    ("api-key", .apiKey), ("x-goog-api-key", .googAPIKey), ("cookie", .cookie), ("set-cookie", .setCookie),
    ("content-type", .contentType), ("content-encoding", .contentEncoding), ("accept-encoding", .acceptEncoding),
    ("retry-after", .retryAfter), ("retry-after-ms", .retryAfterMilliseconds), ("date", .date), ("server", .server),
    ("user-agent", .userAgent), ("http-referer", .httpReferer), ("referer", .referer), ("origin", .origin),
    ("x-title", .xTitle), ("x-openrouter-title", .openRouterAttribution), ("x-openrouter-c", .openRouterAttribution),
    ("x-crossfade-id", .crossfade), ("x-crossfade-arm", .crossfade), ("forwarded", .forwarded),
    ("x-forwarded-for", .forwarded), ("x-forwarded-proto", .forwarded), ("x-stainless-lang", .stainless),
    ("x-stainless-os", .stainless), ("x-stainless-retry-count", .stainlessRetryCount),
    ("x-stainless-retry-counts", .stainless), ("x-session-id", .sessionID), ("anthropic-version", .anthropicVersion),
    ("accept", .accept), ("anthropic-beta", .anthropicBeta), ("openai-beta", .openAIBeta),
    ("transfer_encoding", .disguisedFraming), ("content_length", .disguisedFraming),
    ("proxy_connection", .disguisedFraming), ("x_crossfade_arm", .disguisedFraming),
    ("x-crossfade_arm", .disguisedFraming), ("x_api_key", .disguisedCredential), ("x-api_key", .disguisedCredential),
    ("api_key", .disguisedCredential), ("x_goog_api_key", .disguisedCredential),
    ("proxy_authorization", .disguisedCredential), ("x-litellm-response-cost", .liteLLMCost),
    ("x-edenai-cost", .edenAICost), ("X-Generation-Id", .generationID),
  ]

  private func id(_ name: String) -> KnownField {
    let bytes = Array(name.utf8)
    return KnownField(name: 0..<bytes.count, in: bytes.span.bytes)
  }

  @Test("every known name is recognised in small, capital and mixed letters", arguments: names)
  func recognised(_ name: String, _ field: KnownField) {
    #expect(id(name) == field)
    #expect(id(name.uppercased()) == field)
    let mixed = name.enumerated().map { $0.offset % 2 == 0 ? $0.element.uppercased() : String($0.element) }
    #expect(id(mixed.joined()) == field)
  }

  @Test("every known field has a name here")
  func complete() {
    #expect(Set(Self.names.map(\.1)).union([.other]) == Set(KnownField.allCases))
  }

  @Test("a name with one byte changed, added or missing is another field", arguments: names)
  func nearMisses(_ name: String, _ field: KnownField) {
    let families: Set<KnownField> = [
      .openRouterAttribution, .crossfade, .forwarded, .stainless, .stainlessRetryCount, .disguisedFraming,
      .disguisedCredential,
    ]
    guard !families.contains(field) else { return }
    let bytes = Array(name.utf8)
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 0x40
      #expect(id(String(decoding: changed, as: UTF8.self)) == .other)
      var missing = bytes
      missing.remove(at: index)
      #expect(id(String(decoding: missing, as: UTF8.self)) != field)
    }
    #expect(id(name + "s") == .other)
  }

  @Test("a family's prefix alone belongs to it, and anything shorter to none")
  func prefixes() {
    let prefixes: [(String, KnownField)] = [
      ("x-stainless-", .stainless), ("x-forwarded-", .forwarded), ("x-crossfade-", .crossfade),
      ("x-openrouter-", .openRouterAttribution),
    ]
    for (prefix, field) in prefixes {
      #expect(id(prefix) == field)
      #expect(id(String(prefix.dropLast())) == .other)
      #expect(id(prefix.dropLast() + "_a") == (field == .crossfade ? .disguisedFraming : .other))
    }
  }

  @Test("names are found where they lie among other bytes")
  func offsets() {
    let bytes = Array("..Host..".utf8)
    let inPlace = KnownField(name: 2..<6, in: bytes.span.bytes)
    let beside = KnownField(name: 1..<5, in: bytes.span.bytes)
    #expect(inPlace == .host && beside == .other)
  }
}
