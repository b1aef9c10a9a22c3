/// The journal's text of a decision, pinned: `verify` reads what older versions wrote.

import Foundation
import RolloutJudge
import Testing

@testable import Journal

@Suite("DecisionJSON")
struct DecisionJSONTests {
  @Test("writes a decision as the log has it, keys in order")
  func golden() throws {
    let text = String(decoding: try DecisionJSON.encode(.sample(17, kind: .rollback, message: "a/b")), as: UTF8.self)
    let expected =
      #"{"actor":"crossfade","candidate":"litellm","condition":{"above":0.02,"ratio_above":1.5},"decision":"rollback","#
      + #""evidence":{"baseline":{"bad":4,"n":551},"candidate":{"bad":9,"n":29},"e_value":131.2,"#
      + #""parts":{"absolute":131.2,"ratio":1e+300},"since":"2023-11-14T22:13:20.000Z","#
      + #""test":"sequential","threshold":100},"#
      + #""message":"a/b","metric":"error_rate","playbook_sha256":"ab12","rollout":"r","seq":17,"stage":"canary-5","#
      + #""stage_index":3,"ts":"2023-11-14T22:13:20.123Z","#
      + #""weights_after":{"litellm":0},"weights_before":{"litellm":0.05}}"#
    #expect(text == expected)
  }

  @Test("reads what it wrote, of every kind, whatever number the evidence holds", arguments: Decision.Kind.allCases)
  func roundTrip(_ kind: Decision.Kind) throws {
    for value: Double in [0.1, 1e-300, .greatestFiniteMagnitude, .infinity, .leastNonzeroMagnitude] {
      var decision = Decision.sample(1, kind: kind, message: "„ü“ 🙂 \u{0}\n\"\\")
      decision.at = Instant(nanoseconds: 1_700_000_000_123_000_000)
      decision.evidence?.eValue = value
      #expect(try DecisionJSON.decode(DecisionJSON.encode(decision)) == decision)
    }
  }
}
