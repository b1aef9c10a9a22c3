/// Which answers go along with their ids, to be asked after for their bills, and how that question looks at the arm.

import GatewayEmulation
import RolloutJudge
import Testing
import TrafficSplit
import Vendors

@testable import SidecarProxy

@Suite struct BillSamplingTests {
  @Test("all that told no cost, the first hundred, and an even share of the rest")
  func choice() {
    var sampling = BillSampling(share: 0.25)
    #expect((0..<100).allSatisfy { _ in sampling.takes(toldCost: true) })
    #expect((0..<40).map { _ in sampling.takes(toldCost: true) }.count(where: \.self) == 10)
    #expect((0..<1000).allSatisfy { _ in sampling.takes(toldCost: false) })
  }

  @Test(
    "nothing is chosen of an arm without a key, of one whose vendor says nothing, and of one that is to be left alone")
  func arms() {
    func target(_ vendor: String, key: Secret?, reconcile: Double) -> ArmTarget {
      var arm = Arm(
        name: "arm", vendor: vendor, url: ArmURL(isTLS: false, host: "127.0.0.1", port: 1, basePath: ""), key: key)
      arm.reconcile = reconcile
      return ArmTarget(index: .baseline, arm: arm)
    }
    let key = Secret("sk")
    let none = [
      target("openrouter", key: nil, reconcile: 0.05), target("litellm", key: key, reconcile: 0.05),
      target("openrouter", key: key, reconcile: 0),
    ]
    #expect(BillSampling.all(none).isEmpty)
    let some = BillSampling.all(none + [target("openrouter", key: key, reconcile: 0.05)])
    #expect(some.map { $0 != nil } == [false, false, false, true])
  }

  @Test("a key in a configured header is a candidate's own; on the baseline the caller's would come first")
  func headerKey() {
    var arm = Arm(
      name: "arm", vendor: "openrouter", url: ArmURL(isTLS: false, host: "127.0.0.1", port: 1, basePath: ""),
      headers: [Arm.Header(name: "Authorization", value: Secret("Bearer sk"))])
    arm.reconcile = 0.05
    #expect(ArmTarget(index: .candidate(0), arm: arm).bill != nil)
    #expect(ArmTarget(index: .baseline, arm: arm).bill == nil)
  }

  @Test("an id from the head is kept as it came, and one that is too long is none")
  func ids() {
    for (text, kept) in [("gen-1-AbC", "gen-1-AbC"), ("", nil), (String(repeating: "x", count: 65), nil)]
      as [(String, String?)]
    {
      let bytes = Array(text.utf8)
      #expect(AnswerID(bytes.span.bytes).text == kept)
    }
    #expect(AnswerID().text == nil)
  }
}
