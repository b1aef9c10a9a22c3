/// Talks to a running crossfade's admin endpoints, for `status` and the steering commands.

import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import RolloutJudge

struct AdminOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The running crossfade's admin address.", valueName: "url"))
  var admin = "http://127.0.0.1:8788"

  @Option(help: "Its bearer token. Also read from CROSSFADE_ADMIN_TOKEN.")
  var adminToken: String?

  var client: AdminClient {
    let base = admin.contains("://") ? admin : "http://\(admin)"
    return AdminClient(
      base: base.hasSuffix("/") ? String(base.dropLast()) : base,
      token: adminToken ?? Self.environmentToken)
  }

  /// An empty variable is none.
  static var environmentToken: String? {
    ProcessInfo.processInfo.environment["CROSSFADE_ADMIN_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
  }
}

struct AdminClient: Sendable {
  var base: String
  var token: String?

  /// Said to the operator as it is.
  struct Failure: Error, CustomStringConvertible {
    var description: String
    /// `moved`, `playbook_refused`; nil for others.
    var reason: String?
    /// The answer's status; nil without an answer.
    var status: UInt?
  }

  private struct ErrorForm: Decodable {
    struct Inner: Decodable {
      var message: String
      var metadata: Metadata?
    }
    struct Metadata: Decodable {
      var reason: String?
      var problems: [String]?
    }
    var error: Inner
  }

  func status() async throws -> RolloutStatus {
    try JSONDecoder.admin.decode(RolloutStatus.self, from: try await get("/status"))
  }

  func get(_ path: String) async throws -> Data { try await send(HTTPClientRequest(url: base + path)) }

  func post<Answer: Decodable>(_ path: String, _ body: some Encodable) async throws -> Answer {
    var request = HTTPClientRequest(url: base + path)
    request.method = .POST
    request.headers.add(name: "content-type", value: "application/json")
    request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(body)))
    return try JSONDecoder.admin.decode(Answer.self, from: try await send(request))
  }

  private func send(_ request: HTTPClientRequest) async throws -> Data {
    var request = request
    if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
    let authorized = request
    return try await HTTPClient.withHTTPClient(configuration: .impatient) { client in
      try await send(authorized, by: client)
    }
  }

  private func send(_ request: HTTPClientRequest, by client: HTTPClient) async throws -> Data {
    let response: HTTPClientResponse
    do {
      response = try await client.execute(request, timeout: .seconds(10))
    } catch {
      throw Failure(description: "no crossfade answers at \(base) (\(error)); is it running, and is --admin right?")
    }
    // Only answers of the proxy have one.
    guard !response.headers.contains(name: "x-crossfade-id") else {
      throw Failure(
        description:
          "\(base) is where the application connects; the admin address is another port, 8788 unless --admin says else")
    }
    let data = Data(buffer: try await response.body.collect(upTo: 16 << 20))
    guard (200..<300).contains(response.status.code) else {
      let error = (try? JSONDecoder().decode(ErrorForm.self, from: data))?.error
      let problems = error?.metadata?.problems.map { problems in
        "the playbook was refused:\n" + problems.map(\.plainText).joined(separator: "\n")
      }
      throw Failure(
        description: problems ?? error?.message.plainText ?? "\(base) answered \(response.status.code)",
        reason: error?.metadata?.reason, status: response.status.code)
    }
    return data
  }
}

extension JSONDecoder {
  static var admin: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return decoder
  }
}

/// The body sent to the endpoints of commands; nil members are left out.
struct CommandRequest: Encodable {
  var reason: String?
  var actor: String
  /// The stage as shown to who commands; of `rearm` the stage to begin in.
  var stage: String?
  var seq: Int?
  var candidate: String?
  var now: Bool?
  var dryRun: Bool?

  enum CodingKeys: String, CodingKey {
    case reason, actor, stage, seq, candidate, now
    case dryRun = "dry_run"
  }
}

/// Runs a command's body; a failure is said in one line and becomes exit code 1, of a playbook that is refused 2.
func reportingFailures(_ body: () async throws -> Void) async throws {
  do {
    try await body()
  } catch let failure as AdminClient.Failure {
    printError("error: \(failure)")
    throw ExitCode(failure.reason == "playbook_refused" ? 2 : 1)
  }
}
