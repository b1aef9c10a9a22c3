/// Judges from what was found whether an arm is ready to get traffic, and says why in words.

package import RolloutJudge

package struct ArmVerdict: Sendable, Equatable {
  package enum Readiness: String, Sendable, Encodable, CaseIterable {
    case ready
    case readyWithRemarks = "ready_with_remarks"
    case notReady = "not_ready"
  }

  /// The obstacles.
  package var reasons: [String]
  /// The things that an operator should know.
  package var remarks: [String]

  package var readiness: Readiness {
    if !reasons.isEmpty { return .notReady }
    return remarks.isEmpty ? .ready : .readyWithRemarks
  }

  package var text: String {
    switch readiness {
    case .ready: "ready"
    case .readyWithRemarks: "ready with remarks"
    case .notReady: "not ready because \(reasons.joined(separator: "; and "))"
    }
  }

  /// Fewer days than this are a remark.
  package static let certificateDays = 21

  /// Nothing found against it.
  init() {
    reasons = []
    remarks = []
  }

  /// - Parameter now: what the certificate is held against.
  package init(_ findings: ArmFindings, now: Instant) {
    self.init()
    if let failure = findings.unreachable {
      reasons.append(Self.unreachable(failure, findings.certificate, now))
      return
    }
    judge(findings.authentication, findings.isOfJobsAlone ? Self.job : Self.list)
    judge(findings.listing, findings)
    if let media = findings.media { judge(media, findings) }
    for finding in findings.models { judge(finding, listing: findings.listing, hasJobs: findings.media != nil) }
    if let question = findings.question { judge(question) }
    judgeConnection(findings, now: now)
  }

  // MARK: reaching it

  private static func unreachable(_ failure: TransferFailure, _ certificate: Certificate?, _ now: Instant) -> String {
    guard failure.kind == .tls, let certificate else { return failure.text }
    let left = certificate.daysLeft(at: now) ?? 0
    if left < 0 {
      let ago = left == -1 ? "today" : "\(-left - 1) day\(left == -2 ? "" : "s") ago"
      return "its certificate (\(certificate.subject)) expired \(ago)"
    }
    let shown = "\(certificate.subject), issued by \(certificate.issuer)"
    return "its certificate (\(shown)) cannot be verified: \(failure.text)"
  }

  private mutating func judgeConnection(_ findings: ArmFindings, now: Instant) {
    if let days = findings.certificate?.daysLeft(at: now), days < Self.certificateDays {
      remarks.append("its certificate expires in \(days) day\(days == 1 ? "" : "s")")
    }
    if findings.exposesKey { remarks.append("its key crosses the network in the clear: its url is http") }
    if findings.httpVersion == "1.0" { remarks.append("it answers in HTTP/1.0") }
    if findings.keepsConnections == false {
      remarks.append("it closes every connection after one answer: each request pays for a new one")
    }
    if let first = findings.stumbles.first {
      remarks.append("\(findings.stumbles.count) of the requests failed, the first because: \(first.text)")
    }
  }

  // MARK: its key

  /// The free question that an answer is to, and why an answer to everyone is none.
  typealias Asked = (name: String, toAll: String)
  static let list: Asked = ("GET models", "it lists its models to everyone")
  static let job: Asked = ("a question after a job", "it answers whoever asks after a job")

  mutating func judge(_ authentication: AuthenticationFinding, _ asked: Asked) {
    switch authentication {
    case .accepted, .notNeeded, .notAsked: break
    case .passedThrough:
      remarks.append("authentication was not checked: the application's own key is passed through")
    case .unproven:
      remarks.append("its key was not proven: \(asked.toAll)")
    case .refused(let status, hasKey: true): reasons.append("it refuses its key (\(status))")
    case .refused(let status, hasKey: false): reasons.append("it wants a key (\(status)), and none is configured")
    case .unpaid: reasons.append("it wants to be paid first (402): its key has no credit left")
    case .unclear(let status) where status == 429: remarks.append("it says too many requests (429)")
    case .unclear(let status) where (300..<400).contains(status):
      reasons.append("it redirects (\(status)), which is not followed: its url must be the final one")
    case .unclear(let status) where status >= 500: reasons.append("it answers \(status) to \(asked.name)")
    case .unclear(let status): remarks.append("its key was not proven: it answers \(status) to \(asked.name)")
    }
  }

  // MARK: its models

  private mutating func judge(_ listing: ModelListing, _ findings: ArmFindings) {
    switch listing {
    case .unreadable: remarks.append("what it answers to GET models is no list of models")
    case .listed(let count, isComplete: false): remarks.append("it lists only its first \(count) models")
    case .listed, .unknown, .refused: break
    }
    guard case .refused(let status) = listing, findings.question == nil else { return }
    if status == 404 {
      remarks.append("it has no list of models at this url: check that the url's path is right")
    } else if [400, 405, 410, 501].contains(status), findings.models.contains(where: { $0.state == .unknown }) {
      remarks.append("it shows no list of models (\(status)): whether it has the mapped ones is not known")
    }
  }

  private mutating func judge(_ finding: ModelFinding, listing: ModelListing, hasJobs: Bool) {
    switch finding.state {
    case .listed, .answered: break
    case .missing(let nearest):
      let hint = nearest.map { ", the nearest that it has is \($0)" } ?? ""
      reasons.append("it does not have the model \(finding.model)\(hint)")
    case .refused(let status): reasons.append("it answers \(status) to a request for the model \(finding.model)")
    case .unknown:
      // Where the list is missing for a reason, that has been said.
      guard case .listed = listing, !hasJobs else { return }
      remarks.append("whether it has the model \(finding.model) is not known")
    }
  }

  // MARK: its answers

  private mutating func judge(_ question: QuestionFinding) {
    switch question {
    case .answered: break
    case .silent(let model): remarks.append("\(model) answered a small question without a single token")
    case .errorInBody(let model, let kind):
      reasons.append("\(model) answers with an error under a good status (\(kind))")
    // The key has been judged already.
    case .refused(_, 401), .refused(_, 402), .refused(_, 403): break
    case .refused(_, 429): remarks.append("it said too many requests (429) to a small question")
    case .refused(let model, let status): reasons.append("it answers \(status) to a small question to \(model)")
    case .failed(let model, let failure): reasons.append("a small question to \(model) failed: \(failure.text)")
    case .noModel: remarks.append("no question was asked: the playbook names no model that it has by its whole id")
    }
  }
}
