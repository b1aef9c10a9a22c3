import ArgumentParser
import Testing

@testable import GatewayEmulation
@testable import crossfade

@Suite("Emulate")
struct EmulateTests {
  private func behavior(_ arguments: String...) throws -> GatewayBehavior { try Emulate.parse(arguments).behavior }

  @Test("Without flags it answers at once and without a mistake")
  func defaults() throws {
    #expect(try behavior() == GatewayBehavior(row: .openRouter, answerSource: .prompt))
  }

  @Test("Flags become the gateway's behavior")
  func flags() throws {
    let behavior = try behavior(
      "--vendor", "litellm", "--latency", "900ms", "--sigma", "0.4", "--error-rate", "2%", "--error-status", "503",
      "--retry-after", "3", "--error-latency", "50ms", "--in-body-error-rate", "1.5%", "--incomplete-rate", "1%",
      "--empty-rate", "0.5%", "--fault", "cut-mid-body:100", "--fault-rate", "10%", "--stream-events", "5",
      "--event-interval", "1.5s", "--words", "30", "--key", "k", "--seed", "7", "--model", "a", "--model", "b",
      "--strict-models", "--gzip", "--divergence", "4%", "--fail-first", "2", "--variety", "0.7", "--mistake",
      "break-json:3%", "--mistake", "no-usage", "--job-time", "3s", "--job-fail-rate", "30%", "--job-stuck-rate", "10%",
      "--job-lost-rate", "2%", "--file-missing-rate", "1%", "--poll-fault-rate", "4%", "--poll-not-found", "2",
      "--jobs-at", "http://127.0.0.1:1", "--files-at", "https://files")
    #expect(
      behavior
        == GatewayBehavior(
          vendor: .litellm, row: .named("litellm"), latency: .lognormal(median: .milliseconds(900), sigma: 0.4),
          errorRate: 0.02,
          errorStatus: 503, errorRetryAfterSeconds: 3, errorLatency: .fixed(.milliseconds(50)),
          inBodyErrorRate: 0.015, incompleteRate: 0.01, emptyRate: 0.005, fault: .cutMidBody(afterBytes: 100),
          faultRate: 0.1, failFirst: 2, streamEventCount: 5, streamEventInterval: .milliseconds(1500),
          answerWords: 30, answerSource: .prompt, divergenceRate: 0.04, variety: 0.7,
          mistakes: [MistakeShare(.breakJSON, share: 0.03), MistakeShare(.noUsage, share: 1)], gzip: true,
          models: ["a", "b"],
          refusesUnknownModels: true, requireKey: "k",
          jobs: JobManners(
            takes: .lognormal(median: .seconds(3), sigma: 0.4), failRate: 0.3, stuckRate: 0.1, lostRate: 0.02,
            fileMissingRate: 0.01, pollFaultRate: 0.04, notFoundFirst: 2,
            jobsAt: "http://127.0.0.1:1", filesAt: "https://files"), seed: 7))
  }

  @Test("It gets worse and recovers, and keeps everything else")
  func degradation() throws {
    let behavior = try behavior(
      "--latency", "10ms", "--sigma", "0.2", "--empty-rate", "80%", "--fail-first", "3", "--degrade-after", "200req",
      "--degraded-error-rate", "30%", "--degraded-latency", "5s", "--recover-after", "60s")
    var well = behavior
    (well.changes, well.failFirst) = ([], nil)
    var degraded = well
    degraded.errorRate = 0.3
    degraded.emptyRate = 0.7
    degraded.latency = .lognormal(median: .seconds(5), sigma: 0.2)
    #expect(
      behavior.changes == [
        BehaviorChange(after: .requests(200), behavior: degraded),
        BehaviorChange(after: .elapsed(.seconds(60)), behavior: well),
      ])
  }

  @Test(
    "What cannot be is refused with what to say instead",
    arguments: [
      (["--latency", "900"], "'900' is not a duration: say 250ms, 30s, 5m or 1h"),
      (["--latency=-1s"], "'-1s' is not a duration: say 250ms, 30s, 5m or 1h"),
      (["--latency", "25h"], "'25h' is longer than a day"),
      (["--error-rate", "2"], "'2' is not a share: say 5% or 0.5%"),
      (["--error-rate", "120%"], "a share cannot be more than 100%"),
      (["--error-rate", "60%", "--empty-rate", "50%"], "together more than 100%"),
      (["--error-status", "200"], "--error-status takes 400 to 599"),
      (["--vendor", "acme"], "'acme' is not one of openrouter, litellm, portkey"),
      (["--fault", "lists"], "reset-before-head, close-before-head"),
      (["--mistake", "break-jason:3%"], "drop-tool-arguments:SHARE, drop-tool-call:SHARE"),
      (["--mistake", "break-json:3"], "'3' is not a share: say 5% or 0.5%"),
      (["--mistake", "break-json:3%", "--mistake", "break-json"], "--mistake break-json is given twice"),
      (["--job-fail-rate", "60%", "--job-stuck-rate", "50%"], "together more than 100%"),
      (["--jobs-at", "127.0.0.1:9102"], "--jobs-at takes a scheme and a host"),
      (["--tls-cert", "a.pem"], "--tls-cert and --tls-key go together"),
      (["--variety", "7"], "--variety takes 0 to 1"),
      (["--fault-rate", "3%"], "--fault-rate needs --fault"),
      (["--sigma", "0.4"], "--sigma needs --latency"),
      (["--answers", "request-number", "--divergence", "1%"], "--divergence needs --answers prompt"),
      (["--degrade-after", "30"], "'30' is no moment: say 30s or 200req"),
      (["--degrade-after", "0req"], "'0req' is not a number of requests: say 200req"),
      (["--degrade-after", "30s"], "--degrade-after needs --degraded-error-rate"),
      (["--degraded-latency", "5s"], "--degraded-… needs --degrade-after"),
      (
        ["--degrade-after", "9s", "--degraded-fault", "empty", "--recover-after", "9s"],
        "--recover-after must come after"
      ),
      (["--recover-after", "9s"], "--recover-after needs --degrade-after"),
      (["--listen", "nowhere"], "invalid for '--listen <host:port>'"),
    ] as [([String], String)])
  func refusals(arguments: [String], message: String) {
    let error = #expect(throws: (any Error).self) { try Emulate.parse(arguments) }
    guard let error else { return }
    #expect(Emulate.message(for: error).contains(message))
    #expect(Emulate.exitCode(for: error) == .validationFailure)
  }

  @Test("Asked for the list, it names every fault and every mistake")
  func lists() throws {
    #expect(try Emulate.parse(["--fault", "list"]).mistakes.list == Fault.forms.joined(separator: "\n"))
    let mistakes = try #require(try Emulate.parse(["--mistake", "list"]).mistakes.list)
    #expect(mistakes.hasPrefix("drop-tool-arguments:SHARE\n") && mistakes.hasSuffix("\nno-usage:SHARE"))
    #expect(try Emulate.parse([]).mistakes.list == nil)
  }

  @Test("It says where it is and what it did")
  func lines() throws {
    let command = try Emulate.parse(["--listen", "[::1]:0", "--vendor", "openai"])
    #expect(command.readyLine(port: 4711) == "emulated openai gateway: http://[::1]:4711/v1  (Ctrl-C stops it)")
    #expect(try Emulate.parse([]).readyLine(port: 1).contains("http://127.0.0.1:1/api/v1"))
    var counts = GatewayCounts()
    (counts.requests, counts.complete, counts.cut, counts.connections) = (7, 5, 2, 1)
    #expect(
      Emulate.stoppedLine(counts)
        == "stopped after 7 requests on 1 connection: 5 answered whole, 2 cut short, 0 given up by the caller")
    (counts.jobs.created, counts.jobs.polled, counts.jobs.filesFetched) = (2, 9, 1)
    #expect(
      Emulate.stoppedLine(counts).hasSuffix(
        "; 2 jobs, 9 polls, 0 cancelled, 1 file fetched, 0 of them with a key"))
  }
}
