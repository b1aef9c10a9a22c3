import Testing

@testable import Dialects

@Suite("Endpoint")
struct EndpointTests {
  @Test("each of the five paths names its endpoint, with or without a query", arguments: Endpoint.allCases)
  func paths(endpoint: Endpoint) {
    #expect(Endpoint(pathAfterVersion: endpoint.rawValue) == endpoint)
    #expect(Endpoint(pathAfterVersion: endpoint.rawValue + "?beta=true") == endpoint)
    #expect(Endpoint(pathAfterVersion: endpoint.rawValue + "/") == endpoint)
    #expect(Endpoint(pathAfterVersion: Array(endpoint.rawValue.utf8).span.bytes) == endpoint)
  }

  @Test(
    "everything else is no endpoint that is read",
    arguments: [
      "", "/", "models", "chat", "chat/completions/x", "/chat/completions", "Chat/completions", "messages/count_tokens",
      "embeddings%2F", "presets/a/chat/completions", "responses/resp_1",
    ])
  func others(path: String) {
    #expect(Endpoint(pathAfterVersion: path) == nil)
  }
}
