/// The steps of a probe, in their order; each is a request or a few, and leaves its finding.

import Dialects
import MediaJobs
import RolloutJudge

/// Blocks; used by one thread.
struct ArmExamination {
  let target: ProbeTarget
  let settings: ProbeSettings
  let client: CurlClient
  let progress: @Sendable (String) -> Void
  var findings: ArmFindings
  private(set) var list: ModelList?

  init(
    target: ProbeTarget, settings: ProbeSettings, client: CurlClient, progress: @escaping @Sendable (String) -> Void
  ) {
    self.target = target
    self.settings = settings
    self.client = client
    self.progress = progress
    let sendsSecrets = target.key != nil || !target.arm.headers.isEmpty
    findings = ArmFindings(
      name: target.arm.name, role: target.role, url: target.place.description.withoutSecrets(target.secrets),
      exposesKey: sendsSecrets && !target.place.isTLS && !target.isLoopback)
    findings.isOfJobsAlone = target.isOfJobsAlone
  }

  mutating func run() {
    guard let first = reach() else { return }
    measureFresh(first)
    let answer = measureKept() ?? first
    if !target.isOfJobsAlone {
      readModels(answer)
      proveKey(answer)
    }
    if let jobs = target.jobs { examineJobs(jobs, target.isOfJobsAlone ? answer : nil) }
    if settings.maySpend { spend() }
    for model in target.models where !findings.models.contains(where: { $0.model == model }) {
      findings.models.append(ModelFinding(model: model, state: .unknown))
    }
  }

  private mutating func spend() {
    if !target.isOfJobsAlone, mayAsk(findings.authentication) { ask() }
    if let jobs = target.jobs, let media = findings.media, mayAsk(media.authentication) { makePicture(jobs) }
  }

  // MARK: what costs nothing

  /// The request that times are of.
  private var freeRequest: CurlClient.Request {
    if target.isOfJobsAlone, let jobs = target.jobs { return jobRequest(jobs) }
    return modelsRequest()
  }

  private func modelsRequest(withKey: Bool = true) -> CurlClient.Request {
    // Anthropic lists 20 unless asked for more.
    let query = target.arm.vendor == "anthropic" ? "?limit=1000" : ""
    return CurlClient.Request(
      url: target.arm.url.description + "/models" + query, headers: target.headerLines(withKey: withKey))
  }

  mutating func get(_ request: CurlClient.Request) -> Transfer {
    findings.freeRequests += 1
    return client.perform(request)
  }

  /// The first request decides whether there is anything to measure.
  private mutating func reach() -> Transfer? {
    progress("connecting to \(target.place.authority)")
    var request = freeRequest
    request.isFresh = true
    let transfer = get(request)
    findings.remoteAddress = transfer.remoteAddress
    findings.certificate = transfer.certificates.first
    findings.httpVersion = transfer.httpVersion
    guard let failure = transfer.failure, failure.kind != .tooLarge else { return transfer }
    findings.unreachable = failure
    if failure.kind == .tls, findings.certificate == nil {
      findings.certificate =
        client.perform(
          CurlClient.Request(url: target.place.description, isFresh: true, isHandshakeOnly: true)
        ).certificates.first
    }
    return nil
  }

  private mutating func measureFresh(_ first: Transfer) {
    progress("\(settings.requests) requests, each on a new connection")
    var request = freeRequest
    request.isFresh = true
    findings.fresh = PhaseTimes(series(settings.requests - 1, after: [first]) { $0.get(request) })
    guard target.place.isTLS else { return }
    request.offersHTTP2 = true
    findings.offersHTTP2 = get(request).httpVersion == "2"
  }

  /// - Returns: the last answer.
  private mutating func measureKept() -> Transfer? {
    progress("\(settings.requests) requests on a connection that is open")
    let request = freeRequest
    guard get(request).failure == nil else { return nil }
    let transfers = series(settings.requests) { $0.get(request) }
    guard !transfers.isEmpty else { return nil }
    let kept = transfers.filter { $0.openedConnections == 0 }
    findings.keepsConnections = !kept.isEmpty
    findings.kept = PhaseTimes(kept)
    return transfers.last
  }

  /// Ends early where two in a row fail: a hung arm is not waited for again and again.
  mutating func series(
    _ count: Int, after done: [Transfer] = [], _ make: (inout ArmExamination) -> Transfer
  ) -> [Transfer] {
    var transfers = done
    var failures = 0
    for _ in 0..<max(0, count) where failures < 2 {
      let transfer = make(&self)
      if let failure = transfer.failure, failure.kind != .tooLarge {
        failures += 1
        findings.stumbles.append(failure)
      } else {
        failures = 0
        transfers.append(transfer)
      }
    }
    return transfers
  }

  private mutating func readModels(_ answer: Transfer) {
    guard answer.status == 200 else {
      findings.listing = .refused(status: answer.status ?? 0)
      return
    }
    guard let list = ModelList(answer.body) else {
      findings.listing = .unreadable
      return
    }
    self.list = list
    findings.listing = .listed(count: list.ids.count, isComplete: list.isComplete)
    let match = ModelMatch(list)
    findings.models = target.models.map { ModelFinding(model: $0, state: match.state(of: $0)) }
  }

  private mutating func proveKey(_ answer: Transfer) {
    let status = answer.status ?? 0
    guard target.key != nil else {
      switch status {
      case _ where target.role == .baseline: findings.authentication = .passedThrough
      case 200: findings.authentication = .notNeeded
      case 401, 403: findings.authentication = .refused(status: status, hasKey: false)
      default: findings.authentication = .unclear(status: status)
      }
      return
    }
    guard status == 200 else {
      findings.authentication = Self.finding(status)
      return
    }
    progress("whether its key counts")
    if get(modelsRequest(withKey: false)).isRefused {
      findings.authentication = .accepted
    } else if target.arm.vendor == "openrouter" {
      // Everyone may see OpenRouter's list; what a key may do it tells its owner only.
      let about = get(
        CurlClient.Request(
          url: target.arm.url.description + "/key", headers: target.headerLines(withKey: true)))
      findings.authentication = about.status == 404 ? .unproven : Self.finding(about.status ?? 0)
    } else {
      findings.authentication = .unproven
    }
  }

  static func finding(_ status: Int) -> AuthenticationFinding {
    switch status {
    case 200..<300: .accepted
    case 401, 403: .refused(status: status, hasKey: true)
    case 402: .unpaid
    default: .unclear(status: status)
    }
  }

  /// A key that is refused is not tried again, and a baseline is not asked as a stranger.
  private func mayAsk(_ authentication: AuthenticationFinding) -> Bool {
    switch authentication {
    case .accepted, .notNeeded, .unproven, .unclear: true
    case .notAsked, .passedThrough, .refused, .unpaid: false
    }
  }
}

extension Transfer {
  fileprivate var isRefused: Bool { status == 401 || status == 403 }
}
