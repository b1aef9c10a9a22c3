/// Asks every arm for its catalogue once the process serves: a wrong key, path or address is said before traffic finds it.

import ArmProbe
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import OperatorLog
import RolloutJudge
import ServiceLifecycle

/// Off the path: threads, connections and names of its own, one question at a time for each arm.
struct ArmsAsked: Service, CustomStringConvertible {
  let targets: [ProbeTarget]
  let certificateAuthorities: String?
  let log: EventLog

  private static let timeout = TimeAmount.seconds(10)
  private static let answerBytes = 8 << 20

  init(_ playbook: Playbook, authorities: String?, log: EventLog) {
    targets = ProbeTarget.all(of: playbook, baselineKey: nil).filter(\.hasCatalogue)
    certificateAuthorities = authorities
    self.log = log
  }

  var description: String { "catalogues" }

  /// What is under way at shutdown is given up.
  func run() async throws {
    await cancelWhenGracefulShutdown {
      await withTaskGroup(of: Void.self) { group in
        for target in targets {
          group.addTask {
            guard let client = client(for: target.arm) else { return }
            await ask(target, by: client)
            try? await client.shutdown()
          }
        }
      }
    }
    try? await gracefulShutdown()
  }

  /// Nil where the authorities cannot be read, which the proxy has said.
  private func client(for arm: Arm) -> HTTPClient? {
    var tls = TLSConfiguration.makeClientConfiguration()
    if let path = certificateAuthorities {
      guard let certificates = try? NIOSSLCertificate.fromPEMFile(path) else { return nil }
      tls.additionalTrustRoots = [.certificates(certificates)]
    }
    var configuration = HTTPClient.Configuration.impatient
    configuration.tlsConfiguration = tls
    configuration.redirectConfiguration = .disallow
    configuration.timeout.connect = .seconds(5)
    if let proxy = arm.proxy {
      let user = proxy.credentials.map {
        HTTPClient.Authorization.basic(credentials: Data($0.exposed.utf8).base64EncodedString())
      }
      configuration.proxy = .server(host: proxy.host, port: proxy.port, authorization: user)
    }
    return HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
  }

  private func ask(_ target: ProbeTarget, by client: HTTPClient) async {
    var answers: [CatalogueAnswer] = []
    for place in target.catalogues {
      guard !Task.isCancelled else { return }
      answers.append(await answer(place, target, client))
      // What says all that there is to know is not asked further.
      if case .failed = answers[0] { break }
      if case .answered(200, .some) = answers[0] { break }
    }
    guard !Task.isCancelled else { return }
    let verdict = CatalogueVerdict(target, answers[0], below: answers.dropFirst().first)
    log.emit(
      .armAsked(
        arm: target.arm.name, host: target.arm.url.host, port: target.arm.url.port, result: verdict.result.rawValue,
        message: verdict.message))
  }

  private func answer(_ place: String, _ target: ProbeTarget, _ client: HTTPClient) async -> CatalogueAnswer {
    var request = HTTPClientRequest(url: place)
    request.headers.add(name: "user-agent", value: "crossfade/\(Version.text)")
    request.headers.add(name: "accept", value: "application/json")
    for field in target.catalogueFields { request.headers.replaceOrAdd(name: field.name, value: field.value) }
    do {
      let response = try await client.execute(request, timeout: Self.timeout)
      let body = try await response.body.collect(upTo: Self.answerBytes)
      return CatalogueAnswer(status: Int(response.status.code), body: Array(body.readableBytesView))
    } catch {
      return .failed(Self.failure(error))
    }
  }

  /// The words of libraries name no key: an error of a connection is about its address.
  static func failure(_ error: any Error) -> CatalogueAnswer.Failure {
    switch error {
    case let error as NIOConnectionError:
      return error.connectionErrors.isEmpty ? .unknownName : .refused
    case let error as HTTPClientError where [.connectTimeout, .deadlineExceeded, .readTimeout].contains(error):
      return .timeout
    case is IOError: return .refused
    case NIOSSLError.handshakeFailed(let cause):
      return "\(cause)".contains("CERTIFICATE_VERIFY_FAILED") ? .untrusted : .tls
    case is NIOSSLExtraError: return .untrusted
    case is NIOTooManyBytesError: return .other("its list of models is larger than 8 MiB")
    default: return .other("\(type(of: error))")
    }
  }
}
