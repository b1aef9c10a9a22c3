/// What an emulated vendor of pictures and videos does with its jobs, by flags.

import ArgumentParser
import Foundation
import GatewayEmulation

struct EmulatedJobs: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "From a job's creation to its end; spread by --sigma as latencies are.", valueName: "duration"),
    transform: { try asDuration($0) })
  var jobTime = Duration.zero

  @Option(help: ArgumentHelp("Jobs that fail.", valueName: "share"), transform: { try asShare($0) })
  var jobFailRate = 0.0

  @Option(help: ArgumentHelp("Jobs that never end.", valueName: "share"), transform: { try asShare($0) })
  var jobStuckRate = 0.0

  @Option(
    help: ArgumentHelp(
      "Jobs that are created, and the connection closes before the answer says so.", valueName: "share"),
    transform: { try asShare($0) })
  var jobLostRate = 0.0

  @Option(
    help: ArgumentHelp("Jobs that succeed with files that are not there.", valueName: "share"),
    transform: { try asShare($0) })
  var fileMissingRate = 0.0

  @Option(
    help: ArgumentHelp(
      "Polls answered 429, 500, 503, or by a proxy's page instead of JSON.", valueName: "share"),
    transform: { try asShare($0) })
  var pollFaultRate = 0.0

  @Option(help: ArgumentHelp("So many first polls of each job are answered 404.", valueName: "count"))
  var pollNotFound = 0

  @Option(
    help: ArgumentHelp(
      "Where it says that its jobs are: of another host, to see whether a key is taken there.", valueName: "url"))
  var jobsAt: String?

  @Option(help: ArgumentHelp("Where it says that its files are.", valueName: "url"))
  var filesAt: String?

  func validate() throws {
    for (name, url) in [("--jobs-at", jobsAt), ("--files-at", filesAt)] {
      guard let url else { continue }
      guard url.hasPrefix("http://") || url.hasPrefix("https://"), !url.hasSuffix("/") else {
        throw ValidationError("\(name) takes a scheme and a host, such as http://127.0.0.1:9102")
      }
    }
    guard jobFailRate + jobStuckRate + jobLostRate + fileMissingRate <= 1 else {
      throw ValidationError(
        "--job-fail-rate, --job-stuck-rate, --job-lost-rate and --file-missing-rate are together more than 100%")
    }
    guard (0...1000).contains(pollNotFound) else { throw ValidationError("--poll-not-found takes 0 to 1000") }
  }

  /// - Parameter sigma: the spread of all times.
  func apply(to behavior: inout GatewayBehavior, sigma: Double) {
    behavior.jobs = JobManners(
      takes: EmulatedSpeed.shape(jobTime, sigma: sigma), failRate: jobFailRate, stuckRate: jobStuckRate,
      lostRate: jobLostRate, fileMissingRate: fileMissingRate, pollFaultRate: pollFaultRate,
      notFoundFirst: pollNotFound, jobsAt: jobsAt, filesAt: filesAt)
  }
}

/// The certificate of an emulated gateway, for clients that speak TLS only.
struct EmulatedTLS: ParsableArguments {
  @Option(help: ArgumentHelp("Listens with TLS: a PEM file, the own certificate first.", valueName: "file"))
  var tlsCert: String?

  @Option(help: ArgumentHelp("The certificate's private key, a PEM file.", valueName: "file"))
  var tlsKey: String?

  func validate() throws {
    guard (tlsCert == nil) == (tlsKey == nil) else { throw ValidationError("--tls-cert and --tls-key go together") }
  }

  /// - Throws: `ValidationError` with the file that cannot be read or used.
  func read() throws -> GatewayTLS? {
    guard let tlsCert, let tlsKey else { return nil }
    let tls = GatewayTLS(certificatePEM: try Self.text(tlsCert), privateKeyPEM: try Self.text(tlsKey))
    if let problem = tls.problem { throw ValidationError("cannot use '\(tlsCert)' with '\(tlsKey)': \(problem)") }
    return tls
  }

  private static func text(_ path: String) throws -> String {
    do {
      return try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw ValidationError("cannot read '\(path)'")
    }
  }
}
