/// Stands in for the baseline during a replay: plays recorded answers, and asks the baseline itself where none was recorded.

import AsyncHTTPClient
import Dialects
import NIOCore
import NIOHTTP1
import NIOPosix
import RolloutJudge
import Vendors

/// Which request it is stands in its key: that reaches the baseline alone, and no candidate ever sees it.
struct RecordedBaseline: Sendable {
  let requests: [RecordedRequest]
  let arm: Arm
  let key: Secret?
  let client: HTTPClient
  let timeout: Duration

  private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

  static func authorization(_ index: Int) -> String { "Bearer replay-\(index)" }

  private static func index(_ authorization: String?) -> Int? {
    guard let authorization, authorization.hasPrefix("Bearer replay-") else { return nil }
    return Int(authorization.dropFirst("Bearer replay-".count))
  }

  /// On a free port of this machine, until the task is cancelled.
  func serve(onReady: @Sendable (_ port: Int) -> Void) async throws {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          return try Connection(wrappingChannelSynchronously: channel)
        }
      }
    onReady(server.channel.localAddress?.port ?? 0)
    try await withThrowingDiscardingTaskGroup { group in
      try await server.executeThenClose { connections in
        for try await connection in connections {
          group.addTask {
            // A peer that leaves ends its own connection, and nothing else.
            try? await serve(connection)
          }
        }
      }
    }
  }

  private func serve(_ connection: Connection) async throws {
    try await connection.executeThenClose { inbound, outbound in
      var head: HTTPRequestHead?
      var body = ByteBuffer()
      for try await part in inbound {
        switch part {
        case .head(let started):
          head = started
          body = ByteBuffer()
        case .body(var piece): body.writeBuffer(&piece)
        case .end:
          guard let head else { return }
          try await answer(head, body, outbound)
        }
      }
    }
  }

  private func answer(
    _ head: HTTPRequestHead, _ body: ByteBuffer, _ outbound: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
  ) async throws {
    guard let index = Self.index(head.headers.first(name: "authorization")), requests.indices.contains(index) else {
      return try await refuse(.notFound, "no request of the recording", outbound)
    }
    if let answer = requests[index].answer { return try await play(answer, outbound) }
    let response: HTTPClientResponse
    do {
      response = try await ask(requests[index], body)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      return try await refuse(.badGateway, "the baseline was not reached", outbound)
    }
    var headers = response.headers
    for name in ["connection", "keep-alive", "transfer-encoding", "upgrade", "trailer"] { headers.remove(name: name) }
    try await outbound.write(.head(HTTPResponseHead(version: .http1_1, status: response.status, headers: headers)))
    for try await piece in response.body { try await outbound.write(.body(.byteBuffer(piece))) }
    try await outbound.write(.end(nil))
  }

  private func play(
    _ answer: RecordedAnswer, _ outbound: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
  ) async throws {
    let headers: HTTPHeaders = [
      "content-type": answer.contentType, "content-length": String(answer.body.count),
    ]
    let head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
    try await outbound.write(.head(head))
    if !answer.body.isEmpty { try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))) }
    try await outbound.write(.end(nil))
  }

  /// Byte for byte as it was recorded, with the baseline's own key.
  private func ask(_ request: RecordedRequest, _ body: ByteBuffer) async throws -> HTTPClientResponse {
    var message = HTTPClientRequest(url: "\(arm.url.description)/\(request.endpoint.rawValue)")
    message.method = .POST
    message.headers = ["content-type": "application/json"]
    for header in request.headers { message.headers.replaceOrAdd(name: header.name, value: header.value) }
    if let key = key ?? arm.key {
      switch arm.authentication {
      case .bearer: message.headers.replaceOrAdd(name: "authorization", value: "Bearer \(key.exposed)")
      case .scheme(let scheme): message.headers.replaceOrAdd(name: "authorization", value: "\(scheme) \(key.exposed)")
      case .header(let name): message.headers.replaceOrAdd(name: name, value: key.exposed)
      }
    }
    for header in arm.headers { message.headers.replaceOrAdd(name: header.name, value: header.value.exposed) }
    message.body = .bytes(body)
    return try await client.execute(message, timeout: .nanoseconds(timeout.nanoseconds))
  }

  private func refuse(
    _ status: HTTPResponseStatus, _ message: String, _ outbound: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
  ) async throws {
    let text = #"{"error":{"code":\#(status.code),"message":"\#(message)","metadata":{"source":"crossfade"}}}"#
    try await play(
      RecordedAnswer(status: Int(status.code), contentType: "application/json", body: Array(text.utf8)), outbound)
  }
}
