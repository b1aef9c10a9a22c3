/// The verdict, over every finding that bears on it.

import Dialects
import RolloutJudge
import Testing
import Vendors

@testable import ArmProbe

struct ArmVerdictTests {
  private static func findings(_ change: (inout ArmFindings) -> Void = { _ in }) -> ArmFindings {
    var findings = ArmFindings(name: "litellm", role: .candidate, url: "http://127.0.0.1:4000/v1")
    findings.authentication = .accepted
    findings.listing = .listed(count: 2, isComplete: true)
    findings.models = [ModelFinding(model: "a", state: .listed(matches: 1))]
    findings.keepsConnections = true
    findings.httpVersion = "1.1"
    change(&findings)
    return findings
  }

  private static func readiness(_ change: (inout ArmFindings) -> Void) -> ArmVerdict.Readiness {
    ArmVerdict(findings(change), now: Probed.now).readiness
  }

  @Test("nothing to say is ready")
  func ready() {
    let verdict = ArmVerdict(Self.findings(), now: Probed.now)
    #expect(verdict.readiness == .ready)
    #expect(verdict.text == "ready")
  }

  @Test(
    "every failure to reach it stands in the way, and nothing else is said",
    arguments: [TransferFailure.Kind.dns, .connect, .tls, .timeout, .reset, .broken, .tooLarge, .cancelled, .local])
  func unreachable(_ kind: TransferFailure.Kind) {
    let verdict = ArmVerdict(
      Self.findings {
        $0.unreachable = TransferFailure(kind, "why")
        $0.authentication = .refused(status: 401, hasKey: true)
      }, now: Probed.now)
    #expect(verdict.reasons == ["why"])
    #expect(verdict.remarks.isEmpty)
  }

  private static let authentications: [(AuthenticationFinding, ArmVerdict.Readiness)] = [
    (.notAsked, .ready), (.accepted, .ready), (.notNeeded, .ready), (.passedThrough, .readyWithRemarks),
    (.unproven, .readyWithRemarks), (.refused(status: 401, hasKey: true), .notReady),
    (.refused(status: 403, hasKey: true), .notReady), (.refused(status: 401, hasKey: false), .notReady),
    (.unpaid, .notReady), (.unclear(status: 302), .notReady), (.unclear(status: 404), .readyWithRemarks),
    (.unclear(status: 405), .readyWithRemarks), (.unclear(status: 429), .readyWithRemarks),
    (.unclear(status: 500), .notReady), (.unclear(status: 503), .notReady),
  ]

  @Test("what the arm says to its key", arguments: authentications)
  func authentication(_ finding: AuthenticationFinding, _ readiness: ArmVerdict.Readiness) {
    #expect(Self.readiness { $0.authentication = finding } == readiness)
  }

  private static let states: [(ModelFinding.State, ModelListing, ArmVerdict.Readiness)] = [
    (.listed(matches: 1), .listed(count: 1, isComplete: true), .ready),
    (.answered, .refused(status: 405), .ready),
    (.missing(nearest: "b"), .listed(count: 1, isComplete: true), .notReady),
    (.missing(nearest: nil), .listed(count: 1, isComplete: true), .notReady),
    (.refused(status: 404), .refused(status: 405), .notReady),
    (.unknown, .listed(count: 1, isComplete: false), .readyWithRemarks),
    (.unknown, .unreadable, .readyWithRemarks), (.unknown, .refused(status: 404), .readyWithRemarks),
    (.unknown, .unknown, .ready),
  ]

  @Test("what is known of a mapped model", arguments: states)
  func models(_ state: ModelFinding.State, _ listing: ModelListing, _ readiness: ArmVerdict.Readiness) {
    let found = Self.readiness {
      $0.models = [ModelFinding(model: "a", state: state)]
      $0.listing = listing
    }
    #expect(found == readiness)
  }

  private static let questions: [(QuestionFinding, ArmVerdict.Readiness)] = [
    (.answered(model: "a"), .ready), (.silent(model: "a"), .readyWithRemarks),
    (.errorInBody(model: "a", kind: "server"), .notReady), (.refused(model: "a", status: 400), .notReady),
    (.refused(model: "a", status: 429), .readyWithRemarks), (.refused(model: "a", status: 500), .notReady),
    (.failed(model: "a", TransferFailure(.timeout, "slow")), .notReady), (.noModel, .readyWithRemarks),
  ]

  @Test("how a small question was answered", arguments: questions)
  func question(_ question: QuestionFinding, _ readiness: ArmVerdict.Readiness) {
    #expect(Self.readiness { $0.question = question } == readiness)
  }

  @Test("a certificate is a remark below 21 days, and not from 21 on", arguments: 0...40)
  func certificate(_ days: Int) {
    let expires = Probed.now + .seconds(days * 86_400 + 3600)
    let found = Self.readiness { $0.certificate = Certificate(subject: "CN=a", issuer: "CN=b", expires: expires) }
    #expect(found == (days < 21 ? .readyWithRemarks : .ready))
  }

  @Test("the connection's manners are remarks")
  func manners() {
    let verdict = ArmVerdict(
      Self.findings {
        $0.exposesKey = true
        $0.httpVersion = "1.0"
        $0.keepsConnections = false
        $0.stumbles = [TransferFailure(.reset, "reset"), TransferFailure(.reset, "again")]
      }, now: Probed.now)
    #expect(verdict.readiness == .readyWithRemarks)
    #expect(verdict.remarks.count == 4)
    #expect(verdict.remarks.last == "2 of the requests failed, the first because: reset")
  }
}
