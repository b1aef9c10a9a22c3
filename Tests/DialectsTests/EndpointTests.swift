import Testing

@testable import Dialects

@Suite("Endpoint")
struct EndpointTests {
  @Test("each path names its endpoint, with or without a query", arguments: Endpoint.allCases)
  func paths(endpoint: Endpoint) {
    #expect(endpoint.paths.contains(endpoint.rawValue))
    for path in endpoint.paths {
      #expect(Endpoint(pathAfterVersion: path) == endpoint)
      #expect(Endpoint(pathAfterVersion: path + "?beta=true") == endpoint)
      #expect(Endpoint(pathAfterVersion: path + "/") == endpoint)
      #expect(Endpoint(pathAfterVersion: Array(path.utf8).span.bytes) == endpoint)
    }
  }

  @Test("no two endpoints have a number in common, and none is beyond the bits that hold them")
  func numbers() {
    #expect(Set(Endpoint.allCases.map(\.number)).count == Endpoint.allCases.count)
    #expect(Endpoint.allCases.allSatisfy { $0.number < 8 })
  }

  @Test(
    "everything else is no endpoint that is read",
    arguments: [
      "", "/", "models", "chat", "chat/completions/x", "/chat/completions", "Chat/completions", "messages/count_tokens",
      "embeddings%2F", "presets/a/chat/completions", "responses/resp_1", "images/edits", "images/models",
      "image/generations", "videos/v_1",
      "videos/v_1/content", "video", "videos/generations/x", "images//", "images/generations//",
    ])
  func others(path: String) {
    #expect(Endpoint(pathAfterVersion: path) == nil)
  }
}
