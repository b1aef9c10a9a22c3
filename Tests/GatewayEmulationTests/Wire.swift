import Foundation

/// Requests as text, and answers taken apart, for the tests.
@testable import GatewayEmulation

enum Wire {
  static func post(_ path: String, _ body: String, headers: [String] = []) -> String {
    (["POST \(path) HTTP/1.1", "Host: gateway", "Content-Type: application/json"] + headers
      + ["Content-Length: \(body.utf8.count)"]).joined(separator: "\r\n") + "\r\n\r\n" + body
  }

  static func chat(stream: Bool = false, usage: Bool = false, model: String = "deepseek/deepseek-v3.2") -> String {
    let options = usage ? #","stream_options":{"include_usage":true}"# : ""
    return post(
      "/v1/chat/completions",
      #"{"model":"\#(model)","messages":[{"role":"user","content":"Say hello"}],"stream":\#(stream)\#(options)}"#)
  }

  static let end = "0\r\n\r\n"

  /// The data of well-formed chunks, or nil where the body is not chunked to its end.
  static func dechunk(_ body: [UInt8]) -> [UInt8]? {
    let (data, isWhole) = chunkData(body)
    return isWhole ? data : nil
  }

  /// The data as far as it goes, the last chunk perhaps in part.
  static func chunkData(_ body: [UInt8]) -> (data: [UInt8], isWhole: Bool) {
    var rest = body[...]
    var data: [UInt8] = []
    while let line = rest.firstRange(of: [13, 10]) {
      let size = String(decoding: rest[rest.startIndex..<line.lowerBound], as: UTF8.self)
      guard let count = Int(size, radix: 16) else { break }
      let chunk = rest[line.upperBound...].prefix(count)
      data += chunk
      rest = rest[chunk.endIndex...]
      guard chunk.count == count, rest.starts(with: [13, 10]) else { break }
      rest = rest.dropFirst(2)
      if count == 0 { return (data, rest.isEmpty) }
    }
    return (data, false)
  }

  /// The events of a chunked stream, comments included, without their blank lines.
  static func events(_ received: RawClient.Received) -> [String] {
    guard let data = dechunk(received.body) else { return ["not chunked to its end"] }
    let text = String(decoding: data, as: UTF8.self)
    guard text.hasSuffix("\n\n") else { return ["not ended by a blank line"] }
    return text.split("\n\n").dropLast()
  }

  static func object(_ text: String) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    return object ?? [:]
  }

  /// The JSON of an event's `data:` line.
  static func data(_ event: String) throws -> [String: Any] {
    let line = event.split("\n").first { $0.hasPrefix("data: ") } ?? ""
    return try object(String(line.dropFirst(6)))
  }
}

/// Starts a gateway, hands over its port, stops it however the test ends.
func withGateway(
  _ behavior: GatewayBehavior = GatewayBehavior(), tls: GatewayTLS? = nil,
  _ use: (EmulatedGateway) async throws -> Void
) async throws {
  let gateway = try await EmulatedGateway.start(behavior: behavior, tls: tls)
  do {
    try await use(gateway)
  } catch {
    await gateway.stop()
    throw error
  }
  await gateway.stop()
}

/// One request on a connection of its own; for answers that end it, everything until then.
func exchange(
  _ gateway: EmulatedGateway, _ request: String, until end: String? = nil
) async throws -> RawClient.Received {
  let client = try await RawClient.connect(gateway.port)
  client.send(request)
  let received = if let end { await client.receive(upTo: end) } else { await client.receiveAnswer() }
  client.close()
  return received
}

/// As `exchange`, until the gateway ends the connection.
func exchangeToEnd(_ gateway: EmulatedGateway, _ request: String) async throws -> RawClient.Received {
  let client = try await RawClient.connect(gateway.port)
  client.send(request)
  return await client.receiveAll()
}

func scripted(_ faults: Fault..., vendor: VendorShape = .openrouter) -> GatewayBehavior {
  GatewayBehavior(vendor: vendor, script: faults)
}
