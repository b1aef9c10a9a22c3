/// Every file in Goldens is read and its problems compared with the text beside it: adding a case is adding a file.

import Foundation
import PlaybookYAML
import Testing

/// `NAME.yaml` is the case, `NAME.expected` its problems, one a line, or `no problems`. Comment lines `# env: NAME=value`
/// set variables. With CROSSFADE_WRITE_GOLDENS in the environment the expectations are written anew, and the run fails.
@Suite struct GoldenTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens")

  static let cases: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }()

  static func environment(of text: String) -> [String: String] {
    var environment: [String: String] = [:]
    for line in text.split(separator: "\n") where line.hasPrefix("# env: ") {
      let pair = line.dropFirst(7).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      environment[String(pair[0])] = pair.count > 1 ? String(pair[1]) : ""
    }
    return environment
  }

  @Test("there are cases") func thereAreCases() {
    #expect(Self.cases.count >= 40)
  }

  @Test("a case's problems are the ones beside it", arguments: cases)
  func problems(name: String) throws {
    let text = try String(contentsOf: Self.folder.appendingPathComponent("\(name).yaml"), encoding: .utf8)
    let environment = Self.environment(of: text)
    let reading = readPlaybook(text: text, file: "\(name).yaml", environment: environment)
    #expect((reading.playbook == nil) == !reading.errors.isEmpty)
    let lines = reading.problems.map(\.description)
    let found = (lines.isEmpty ? ["no problems"] : lines).joined(separator: "\n") + "\n"
    for value in environment.values where value.count > 3 {
      #expect(!found.contains(value), "a problem shows what a variable holds")
    }
    let expectation = Self.folder.appendingPathComponent("\(name).expected")
    if ProcessInfo.processInfo.environment["CROSSFADE_WRITE_GOLDENS"] != nil {
      try Data(found.utf8).write(to: expectation)
      Issue.record("wrote \(name).expected")
      return
    }
    #expect(found == (try String(contentsOf: expectation, encoding: .utf8)))
  }

  @Test("no expectation is without its case") func noOrphans() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    for name in names where name.hasSuffix(".expected") {
      #expect(Self.cases.contains(String(name.dropLast(9))))
    }
  }
}
