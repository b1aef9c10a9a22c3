/// The findings of a probe on every arm, and the verdict on each, as machines read them: durations in milliseconds.

package import RolloutJudge

package struct ProbeReport: Sendable, Encodable {
  package var rollout: String
  /// Whether every arm may get traffic.
  package var isReady: Bool
  /// Whether questions were allowed that a vendor bills.
  package var billed: Bool
  package var arms: [ProbedArm]
  /// Absent where nobody asked for it.
  package var traffic: SeenTraffic?

  enum CodingKeys: String, CodingKey {
    case rollout, billed, arms, traffic
    case isReady = "ready"
  }

  /// - Parameter findings: the baseline's first, where it was probed.
  package init(rollout: String, billed: Bool, findings: [ArmFindings], now: Instant) {
    let baseline = findings.first { $0.role == .baseline }
    self.rollout = rollout
    self.billed = billed
    arms = findings.map { ProbedArm($0, baseline: $0.role == .baseline ? nil : baseline, now: now) }
    isReady = arms.allSatisfy { $0.verdict != .notReady }
  }
}

package struct ProbedArm: Sendable, Encodable {
  package var name: String
  package var role: ProbeTarget.Role
  package var url: String
  package var verdict: ArmVerdict.Readiness
  package var reasons: [String]
  package var remarks: [String]
  package var address: String?
  package var httpVersion: String?
  package var offersHTTP2: Bool
  package var certificate: ShownCertificate?
  package var authentication: String
  /// How many models it lists; nil where it lists none.
  package var listed: Int?
  package var models: [ShownModel]
  /// Absent of an arm that makes nothing by jobs.
  package var media: ShownMedia?
  package var latency: ProbedLatency
  /// The latency that it adds to the baseline's; nil for the baseline, and where that was not probed.
  package var tax: ProbedLatency?
  package var requests: RequestCounts
  let text: String
  let isOfJobsAlone: Bool

  enum CodingKeys: String, CodingKey {
    case name, role, url, verdict, reasons, remarks, address, certificate, authentication, listed, models, latency, tax
    case requests, media
    case httpVersion = "http_version"
    case offersHTTP2 = "offers_http2"
  }

  package struct RequestCounts: Sendable, Encodable {
    package var free: Int
    package var billed: Int
  }

  init(_ findings: ArmFindings, baseline: ArmFindings?, now: Instant) {
    let judged = ArmVerdict(findings, now: now)
    name = findings.name
    role = findings.role
    url = findings.url
    verdict = judged.readiness
    text = judged.text
    reasons = judged.reasons
    remarks = judged.remarks
    address = findings.remoteAddress
    httpVersion = findings.httpVersion
    offersHTTP2 = findings.offersHTTP2
    certificate = findings.certificate.map { ShownCertificate($0, now: now) }
    authentication = findings.authentication.word
    if case .listed(let count, _) = findings.listing { listed = count }
    models = findings.models.map(ShownModel.init)
    media = findings.media.map(ShownMedia.init)
    isOfJobsAlone = findings.isOfJobsAlone
    latency = ProbedLatency(findings)
    tax = baseline.map { ProbedLatency(findings, over: $0) }
    requests = RequestCounts(free: findings.freeRequests, billed: findings.billedRequests)
  }
}

package struct ShownCertificate: Sendable, Encodable {
  package var subject: String
  package var issuer: String
  package var expires: Instant?
  package var daysLeft: Int?

  enum CodingKeys: String, CodingKey {
    case subject, issuer, expires
    case daysLeft = "days_left"
  }

  init(_ certificate: Certificate, now: Instant) {
    subject = certificate.subject
    issuer = certificate.issuer
    expires = certificate.expires
    daysLeft = certificate.daysLeft(at: now)
  }
}

package struct ShownModel: Sendable, Encodable {
  package var model: String
  package var state: String
  /// Ids that a pattern matches.
  package var matches: Int?
  package var nearest: String?
  package var status: Int?

  init(_ finding: ModelFinding) {
    model = finding.model
    switch finding.state {
    case .listed(let count): (state, matches) = ("listed", count)
    case .answered: state = "answered"
    case .missing(let nearest): (state, self.nearest) = ("missing", nearest)
    case .refused(let status): (state, self.status) = ("refused", status)
    case .unknown: state = "unknown"
    }
  }
}

/// Medians by phase, in milliseconds; of a tax, differences.
package struct ProbedLatency: Sendable, Encodable {
  package var newConnection: [String: Double]?
  package var openConnection: [String: Double]?
  package var question: [String: Double]?

  enum CodingKeys: String, CodingKey {
    case question
    case newConnection = "new_connection"
    case openConnection = "open_connection"
  }

  init(_ findings: ArmFindings) {
    newConnection = findings.fresh.map { Self.milliseconds($0.medians) }
    openConnection = findings.kept.map { Self.milliseconds($0.medians) }
    question = findings.asked.map { Self.milliseconds($0.medians) }
  }

  init(_ findings: ArmFindings, over baseline: ArmFindings) {
    func tax(_ times: PhaseTimes?, _ others: PhaseTimes?) -> [String: Double]? {
      guard let times, let others else { return nil }
      return Self.milliseconds(times.tax(over: others))
    }
    newConnection = tax(findings.fresh, baseline.fresh)
    openConnection = tax(findings.kept, baseline.kept)
    question = tax(findings.asked, baseline.asked)
  }

  private static func milliseconds(_ times: [PhaseTimes.Phase: Duration]) -> [String: Double] {
    Dictionary(uniqueKeysWithValues: times.map { ($0.key.rawValue, $0.value.milliseconds) })
  }
}

extension AuthenticationFinding {
  var word: String {
    switch self {
    case .notAsked: "not_asked"
    case .passedThrough: "not_checked"
    case .notNeeded: "not_needed"
    case .accepted: "ok"
    case .refused(let status, _): "refused_\(status)"
    case .unpaid: "unpaid_402"
    case .unproven: "unproven"
    case .unclear(let status): "unclear_\(status)"
    }
  }
}
