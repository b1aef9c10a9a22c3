/// What figures are broken down by: one object for exchanges that are alike, another where anything differs.

import Dialects
import HTTPFraming
import NIOCore
import RolloutJudge
import Testing
import TrafficSplit

@testable import SidecarProxy

@Suite struct LabelTableTests {
  private static let reader = RequestReader(fields: ["metadata.team"])

  private func request(_ body: String, path: String = "/v1/chat/completions", lines: String = "") throws
    -> InboundRequest
  {
    let text = "POST \(path) HTTP/1.1\r\nHost: h\r\n\(lines)\r\n"
    let request = try #require(try InboundRequestTests.request(text, body: body))
    let bytes = request.body
    request.facts = Self.reader.read(bytes.readableBytesSpan)
    return request
  }

  private func table(_ tags: [RolloutJudge.Tag] = [], budgets: [Budget] = []) -> LabelTable {
    LabelTable(tags: TagNames(tags, budgets: budgets), seed: 1)
  }

  @Test("says endpoint, model, stream and fields")
  func labels() throws {
    var table = table()
    let labels = try #require(
      table.labels(of: try request(#"{"model":"m/x","stream":true,"temperature":1,"provider":{},"odd":1}"#)))
    #expect(labels.endpoint == .chatCompletions)
    #expect(labels.model == "m/x")
    #expect(labels.isStream)
    #expect(labels.features.names == ["model", "provider", "stream", "temperature"])
    #expect(labels.features.hasOthers)
    #expect(labels.tags.isEmpty)
  }

  @Test("gives exchanges that are alike the same object")
  func interned() throws {
    var table = table([RolloutJudge.Tag(name: "team", source: .header("x-team"))])
    let one = try table.labels(of: request(#"{"model":"m","messages":[1]}"#, lines: "X-Team: a\r\n"))
    let two = try table.labels(of: request(#"{"messages":[2,3],"model":"m"}"#, lines: "x-team: a\r\n"))
    #expect(one != nil && one === two)
  }

  @Test(
    "tells apart what differs in any of them",
    arguments: [
      ("/v1/responses", #"{"model":"m"}"#, "x-team: a\r\n"), ("/v1/messages", #"{"model":"m"}"#, "x-team: a\r\n"),
      ("/v1/chat/completions", #"{"model":"n"}"#, "x-team: a\r\n"),
      ("/v1/chat/completions", #"{"model":null}"#, "x-team: a\r\n"),
      ("/v1/chat/completions", #"{"model":"m","seed":1}"#, "x-team: a\r\n"),
      ("/v1/chat/completions", #"{"model":"m","stream":true}"#, "x-team: a\r\n"),
      ("/v1/chat/completions", #"{"model":"m"}"#, "x-team: b\r\n"), ("/v1/chat/completions", #"{"model":"m"}"#, ""),
      ("/v1/chat/completions", #"{"model":"m"}"#, "x-team:\r\n"), ("/v1/chat/completions", "not JSON", "x-team: a\r\n"),
    ])
  func differences(_ path: String, _ body: String, _ lines: String) throws {
    var table = table([RolloutJudge.Tag(name: "team", source: .header("x-team"))])
    let one = try table.labels(of: request(#"{"model":"m"}"#, lines: "x-team: a\r\n"))
    let two = try table.labels(of: request(body, path: path, lines: lines))
    #expect(one != nil && two != nil && one !== two)
  }

  @Test("reads tags from headers and from the body's scalars, in the playbook's order")
  func tags() throws {
    var table = table([
      RolloutJudge.Tag(name: "team", source: .body("metadata.team")),
      RolloutJudge.Tag(name: "feature", source: .header("x-feature")),
      RolloutJudge.Tag(name: "absent", source: .header("x-absent")),
    ])
    let labels = try table.labels(
      of: request(#"{"metadata":{"team":"search"}}"#, lines: "X-FEATURE: Answers \r\n"))
    #expect(labels?.tags == ["search", "Answers", nil])
  }

  @Test("tells a hundred values of a tag apart and no more, over all loops, but those with a budget always")
  func manyValues() throws {
    let budget = Budget(arm: .candidate(0), tag: Budget.TagValue(tag: 0, value: "paid"), dollarsPerDay: 1)
    let names = TagNames([RolloutJudge.Tag(name: "team", source: .header("x-team"))], budgets: [budget])
    var tables = [LabelTable(tags: names, seed: 1), LabelTable(tags: names, seed: 2)]
    var values: [String?] = []
    for number in 1...150 {
      let request = try request("{}", lines: "x-team: team-\(number)\r\n")
      values.append(tables[number % 2].labels(of: request)?.tags[0])
    }
    #expect(values.prefix(99) == ArraySlice((1...99).map { "team-\($0)" }))
    #expect(values.dropFirst(99).allSatisfy { $0 == RolloutJudge.Tag.otherValue })
    let paid = try tables[0].labels(of: request("{}", lines: "x-team: paid\r\n"))
    let seventh = try tables[0].labels(of: request("{}", lines: "x-team: team-7\r\n"))
    #expect(paid?.tags == ["paid"] && seventh?.tags == ["team-7"])
  }

  @Test("a value too long to be a name is one of the others")
  func longValue() throws {
    var table = table([RolloutJudge.Tag(name: "team", source: .header("x-team"))])
    let long = String(repeating: "x", count: TagNames.valueBytes + 1)
    let beyond = try table.labels(of: request("{}", lines: "x-team: \(long)\r\n"))
    let within = try table.labels(of: request("{}", lines: "x-team: \(long.dropLast())\r\n"))
    #expect(beyond?.tags == [RolloutJudge.Tag.otherValue])
    #expect(within?.tags == [String(long.dropLast())])
  }

  @Test("keeps answering rightly when there are more combinations than places")
  func manyCombinations() throws {
    var table = table()
    for round in 1...2 {
      for number in 1...3000 {
        let labels = try table.labels(of: request(#"{"model":"m\#(number)"}"#))
        #expect(labels?.model == "m\(number)", "round \(round)")
      }
    }
  }
}
