/// The sentence about an arm at the start, over every answer to the question after its models.

import RolloutJudge
import Testing

@testable import ArmProbe

struct CatalogueVerdictTests {
  private static let models = Array(#"{"data":[{"id":"a"},{"id":"b"}]}"#.utf8)

  private static func target(_ base: String = "/v1", key: Bool = true, role: ProbeTarget.Role = .candidate)
    -> ProbeTarget
  {
    let url = ArmURL(isTLS: false, host: "127.0.0.1", port: 4000, basePath: base)
    return ProbeTarget(
      arm: Arm(name: "litellm", vendor: "litellm", url: url, key: key ? Secret("sk-hidden") : nil), role: role,
      models: [])
  }

  private static func verdict(
    _ answer: CatalogueAnswer, below: CatalogueAnswer? = nil, base: String = "/v1", key: Bool = true,
    role: ProbeTarget.Role = .candidate
  ) -> CatalogueVerdict {
    CatalogueVerdict(target(base, key: key, role: role), answer, below: below)
  }

  @Test("a list of models is what an arm should have")
  func listed() {
    let verdict = Self.verdict(CatalogueAnswer(status: 200, body: Self.models))
    #expect(verdict == Self.verdict(.answered(status: 200, models: 2)))
    #expect(verdict.result == .ok)
    #expect(verdict.message == "litellm answers: 2 models")
    #expect(Self.verdict(.answered(status: 200, models: 1)).message == "litellm answers: 1 model")
  }

  @Test("a refused key is told from a missing one, and from the application's own", arguments: [401, 403])
  func keys(status: Int) {
    #expect(Self.verdict(.answered(status: status, models: nil)).result == .wrongKey)
    #expect(Self.verdict(.answered(status: status, models: nil), key: false).result == .noKey)
    #expect(Self.verdict(.answered(status: status, models: nil), key: false, role: .baseline).result == .ok)
  }

  @Test(
    "models one step below say which url was meant",
    arguments: [
      CatalogueAnswer.answered(status: 404, models: nil), .answered(status: 200, models: nil),
      .answered(status: 307, models: nil), .answered(status: 500, models: nil),
    ])
  func lacksV1(answer: CatalogueAnswer) {
    for below in [CatalogueAnswer.answered(status: 200, models: 3), .answered(status: 401, models: nil)] {
      let verdict = Self.verdict(answer, below: below, base: "")
      #expect(verdict.result == .wrongPath)
      #expect(verdict.message.hasSuffix("say url: http://127.0.0.1:4000/v1 in the playbook"))
    }
  }

  @Test("what is below is no matter where the url itself has models")
  func bothPlaces() {
    let verdict = Self.verdict(.answered(status: 200, models: 2), below: .answered(status: 200, models: 2), base: "")
    #expect(verdict.result == .ok)
  }

  @Test("each way not to be there has its own words")
  func failures() {
    func result(_ failure: CatalogueAnswer.Failure) -> CatalogueVerdict.Result { Self.verdict(.failed(failure)).result }
    #expect(result(.untrusted) == .untrusted)
    #expect(Self.verdict(.failed(.untrusted)).message.contains("--ca-file"))
    for failure in [CatalogueAnswer.Failure.unknownName, .refused, .timeout, .tls, .other("x")] {
      #expect(result(failure) == .unreachable)
    }
  }

  @Test(
    "a page in place of a list, a wrong path and a redirect are about the url", arguments: [200, 404, 405, 301, 308])
  func wrongPath(status: Int) {
    #expect(Self.verdict(.answered(status: status, models: nil)).result == .wrongPath)
  }

  @Test("what says nothing of the playbook is unclear", arguments: [400, 402, 429, 500, 503])
  func unclear(status: Int) {
    #expect(Self.verdict(.answered(status: status, models: nil)).result == .unclear)
  }

  @Test("no answer brings the key into a sentence", arguments: [200, 401, 404, 500])
  func secret(status: Int) {
    #expect(!Self.verdict(.answered(status: status, models: nil)).message.contains("sk-hidden"))
  }

  @Test("only a url without /v1 is asked again below")
  func places() {
    #expect(Self.target().catalogues == ["http://127.0.0.1:4000/v1/models"])
    #expect(
      Self.target("").catalogues == ["http://127.0.0.1:4000/models", "http://127.0.0.1:4000/v1/models"])
    #expect(Self.target().catalogueFields.map(\.value) == ["Bearer sk-hidden"])
  }
}
