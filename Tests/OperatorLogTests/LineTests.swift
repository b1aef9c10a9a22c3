import Foundation
import Logging
import RolloutJudge
import Testing

@testable import OperatorLog

@Suite("Line")
struct LineTests {
  private func json(_ event: OperatorEvent) -> [UInt8] { Line(record: event.record, at: Samples.noon).json }

  @Test("Every byte below 0x20, quotes, backslashes and terminal controls survive a round trip, escaped")
  func escaping() throws {
    let nasty = String(String.UnicodeScalarView((0..<0x250).compactMap(Unicode.Scalar.init))) + "\u{2028}\u{202e}😀"
    let line = json(.journalFailed(error: nasty))
    #expect(line.dropLast().allSatisfy { $0 >= 0x20 && $0 != 0x7f })
    #expect(!String(decoding: line, as: UTF8.self).unicodeScalars.contains { $0.value == 0x9b || $0.value == 0x202e })
    let object = try #require(JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
    #expect(object["error"] as? String == nasty)
  }

  @Test("No values can make a line longer than 64 KiB, and what is cut is still JSON")
  func bound() throws {
    let long = String(repeating: "\u{1}", count: 100_000)
    let weights = Dictionary(uniqueKeysWithValues: (0..<1000).map { ("\($0)" + long, 0.123_456_789_012_345_67) })
    var decision = Samples.rollback
    decision.message = long
    decision.rollout = long
    decision.stage = long
    decision.candidate = long
    decision.actor = long
    decision.reason = long
    decision.playbookSHA256 = long
    decision.weightsBefore = weights
    decision.weightsAfter = weights
    decision.evidence?.test = long
    let line = json(.decision(decision))
    #expect(line.count > 32 << 10 && line.count <= EventLog.maxLineBytes)
    let object = try #require(JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
    #expect((object["message"] as? String)?.hasSuffix("…") == true)
    let text = Line(record: OperatorEvent.decision(decision).record, at: Samples.noon).text(inColour: true)
    #expect(text.count <= EventLog.maxLineBytes)
  }

  @Test("A string exactly at its limit is whole, one byte more is cut at a character", arguments: ["a", "é", "😀"])
  func cut(unit: Character) {
    let limit = 24
    let whole = String(repeating: unit, count: (limit - 3) / unit.utf8.count)
    func written(_ text: String) -> String {
      var writer = JSONWriter()
      writer.append(string: text, limit: limit)
      return String(decoding: writer.bytes, as: UTF8.self)
    }
    #expect(written(whole) == "\"\(whole)\"")
    #expect(written(whole + String(unit)) == "\"\(whole)…\"")
  }

  @Test("Evidence beyond the range of Double stays a number")
  func infinity() throws {
    var decision = Samples.rollback
    decision.evidence?.eValue = .infinity
    decision.evidence?.threshold = .nan
    let line = json(.decision(decision))
    #expect(String(decoding: line, as: UTF8.self).contains(#""e_value":1.7976931348623157e+308,"threshold":0.0"#))
    #expect((try? JSONSerialization.jsonObject(with: Data(line))) != nil)
  }

  @Test("Text cannot be made to start a second line or to move the cursor")
  func textInjection() {
    let event = OperatorEvent.journalFailed(error: "a\nb\r\u{1b}[2Jc\u{9b}d\u{202e}e")
    let text = String(decoding: Line(record: event.record, at: Samples.noon).text(inColour: false), as: UTF8.self)
    #expect(text.unicodeScalars.filter(\.movesTerminals).map(\.value) == [0x0a])
    #expect(text.hasSuffix("error=a\\u000ab\\u000d\\u001b[2Jc\\u009bd\\u202ee\n"))
  }

  @Test("Durations are milliseconds, money is USD, status and counts are integers")
  func units() {
    let text = String(decoding: json(Samples.events[6]), as: UTF8.self)
    #expect(text.contains(#""status":200,"latency":1234.0,"ttft":250.5,"cost":0.0125}"#))
  }
}
