/// `crossfade emulate`: an emulated gateway to rehearse against: how fast, how reliable, how it breaks, by flags.

import ArgumentParser
import GatewayEmulation
import Listening
import PlaybookYAML
import UnixSignals

struct Emulate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve an emulated gateway, to rehearse a migration against.",
    discussion: """
      It answers chat/completions, completions, responses, messages, embeddings and models as a gateway would, streams \
      included, and makes the mistakes it is told to make. It calls a tool where a request declares some, and \
      writes JSON of the form that a request asks for. Two of them and a playbook are a rehearsal:

        crossfade emulate --listen 127.0.0.1:9101 --latency 900ms --sigma 0.4
        crossfade emulate --listen 127.0.0.1:9102 --vendor litellm \\
          --latency 700ms --degrade-after 500req --degraded-error-rate 30%

      Given --variety, both word the same content differently every time, as models do at a temperature above 0; \
      --mistake is what a comparison of their answers should find.

      A vendor of pictures and videos is given jobs, looked at, and has its files fetched, as the real one; /emulated/jobs \
      says of each what became of it:

        crossfade emulate --vendor replicate --job-time 3s \\
          --job-fail-rate 30% --job-stuck-rate 10%

      An openrouter says of each answer afterwards what it was billed, at GET generation?id=; --bill-drift bills more than \
      the answer said.

      Units are a playbook's: durations 250ms 30s 5m, shares 5%. At most one of the rates strikes a request.
      """)

  @Option(help: ArgumentHelp("Where it listens; port 0 takes a free one.", valueName: "host:port"))
  var listen = ListenAddress(host: "127.0.0.1", port: 9101)

  @OptionGroup(title: "Manners") var manners: EmulatedManners
  @OptionGroup(title: "Speed") var speed: EmulatedSpeed
  @OptionGroup(title: "Mistakes") var mistakes: EmulatedMistakes
  @OptionGroup(title: "Pictures and videos") var jobs: EmulatedJobs
  @OptionGroup(title: "Bills") var bills: EmulatedBills
  @OptionGroup(title: "Getting worse") var degradation: EmulatedDegradation
  @OptionGroup(title: "TLS") var tls: EmulatedTLS

  var behavior: GatewayBehavior {
    var behavior = GatewayBehavior()
    manners.apply(to: &behavior)
    speed.apply(to: &behavior)
    mistakes.apply(to: &behavior)
    jobs.apply(to: &behavior, sigma: speed.sigma)
    bills.apply(to: &behavior)
    behavior.changes = degradation.changes(of: behavior, sigma: speed.sigma)
    return behavior
  }

  /// How long open answers have once it is asked to stop.
  private static let patience = Duration.seconds(1)

  func run() async throws {
    if let list = mistakes.list {
      print(list)
      return
    }
    let certificate = try tls.read()
    DescriptorTable.raise()
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    let gateway: EmulatedGateway
    do {
      gateway = try await EmulatedGateway.start(
        host: listen.host, port: listen.port, behavior: behavior, tls: certificate, recordLimit: 0)
    } catch {
      printError(
        "error: cannot listen on \(ListenHost.text(listen.host)):\(listen.port): "
          + "\(ListenHost.reason(error, port: listen.port)); give another --listen address")
      throw ExitCode(1)
    }
    printError(readyLine(port: gateway.port))
    for await _ in signals { break }
    await gateway.stop(within: Self.patience)
    printError(Self.stoppedLine(gateway.counts))
  }

  func readyLine(port: Int) -> String {
    let host = ListenHost.text(listen.host)
    let scheme = tls.tlsCert == nil ? "http" : "https"
    return
      "emulated \(manners.vendor.name) gateway: \(scheme)://\(host):\(port)\(manners.vendor.base)  (Ctrl-C stops it)"
  }

  static func stoppedLine(_ counts: GatewayCounts) -> String {
    func counted(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }
    let requests = counted(counts.requests, "request", "requests")
    let connections = counted(counts.connections, "connection", "connections")
    let jobs = counts.jobs
    let media =
      jobs == JobCounts()
      ? ""
      : "; \(counted(jobs.created, "job", "jobs")), \(counted(jobs.polled, "poll", "polls")), "
        + "\(jobs.cancelled) cancelled, \(counted(jobs.filesFetched, "file", "files")) fetched, "
        + "\(jobs.filesFetchedWithKey) of them with a key"
    return "stopped after \(requests) on \(connections): \(counts.complete) answered whole, \(counts.cut) cut short, "
      + "\(counts.abandoned) given up by the caller" + media
  }
}

/// Whose manners it has, and what it says.
struct EmulatedManners: ParsableArguments {
  @Option(
    help: """
      A vendor as crossfade vendors lists them: ids, headers, error forms, usage and cost. Labs and hosts that refuse \
      what they do not know refuse it.
      """, transform: { try Self.row($0) })
  var vendor = VendorRow.openRouter

  @Option(
    help: ArgumentHelp("Answers 401 to requests without it, given as the vendor takes its keys.", valueName: "key"))
  var key: String?

  @Option(help: ArgumentHelp("A model it lists; repeat for more. Default: three well-known ones.", valueName: "id"))
  var model: [String] = []

  @Flag(help: "Answers 400 to models it does not list.")
  var strictModels = false

  @Option(help: ArgumentHelp("Words in an answer.", valueName: "count"))
  var words = 12

  @Option(
    help: """
      request-number: no two answers are alike. prompt: the same prompt gets the same text from any emulated gateway, \
      so that comparing two of them finds no difference.
      """, transform: { try asWord($0) })
  var answers = AnswerSource.prompt

  @Option(
    help: ArgumentHelp("Of answers by prompt, those that differ all the same.", valueName: "share"),
    transform: { try asShare($0) })
  var divergence = 0.0

  @Option(
    help: ArgumentHelp(
      "0 to 1: how freely the same content is worded every time, as a temperature does. Tool calls do not vary.",
      valueName: "number"))
  var variety = 0.0

  @Flag(help: "Compresses answers for callers that accept gzip.")
  var gzip = false

  @Option(help: ArgumentHelp("The same seed and the same requests give the same answers.", valueName: "number"))
  var seed: UInt64 = 1

  func validate() throws {
    guard (0...100_000).contains(words) else { throw ValidationError("--words takes 0 to 100000") }
    guard (0...1).contains(variety) else { throw ValidationError("--variety takes 0 to 1") }
    if answers == .requestNumber, divergence > 0 {
      throw ValidationError("--divergence needs --answers prompt: answers by request number always differ")
    }
  }

  static func row(_ name: String) throws -> VendorRow {
    if let row = VendorRow.named(name.lowercased()) { return row }
    let known = VendorRow.all.map(\.name)
    let near = nearestWord(to: name.lowercased(), among: known).map { "; did you mean '\($0)'?" } ?? ""
    throw ValidationError("'\(name.prefix(64))' is not one of \(known.joined(separator: ", "))\(near)")
  }

  func apply(to behavior: inout GatewayBehavior) {
    behavior.vendor = vendor.shape
    behavior.row = vendor
    behavior.requireKey = key
    if let models = model.isEmpty ? vendor.models : model { behavior.models = models }
    behavior.refusesUnknownModels = strictModels
    behavior.answerWords = words
    behavior.answerSource = answers
    behavior.divergenceRate = divergence
    behavior.variety = variety
    behavior.gzip = gzip
    behavior.seed = seed
  }
}
