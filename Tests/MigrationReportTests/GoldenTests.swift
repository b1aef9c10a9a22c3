import Foundation
@testable import MigrationReport
import Testing

/// `report.md`, `report.csv` and `report.json` beside this file are the sample rollout's. With
/// CROSSFADE_WRITE_GOLDENS in the
/// environment they are written anew, and the run fails.
@Suite struct GoldenTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens")

  @Test("a report is to the byte what it was", arguments: ["md", "csv", "json"])
  func report(_ form: String) throws {
    let report = Sample.maker().report()
    let found =
      switch form {
      case "md": report.markdown
      case "csv": report.csv
      default: try Self.json(report)
      }
    let file = Self.folder.appendingPathComponent("report.\(form)")
    if ProcessInfo.processInfo.environment["CROSSFADE_WRITE_GOLDENS"] != nil {
      try Data(found.utf8).write(to: file)
      Issue.record("wrote report.\(form)")
      return
    }
    #expect(found == (try String(contentsOf: file, encoding: .utf8)))
  }

  @Test("every key is there for machines, null where nothing was measured")
  func nulls() throws {
    let text = try Self.json(Sample.maker().report())
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let worksheet = try #require(object["worksheet"] as? [[String: Any]])
    let cells = worksheet.flatMap { $0["cells"] as? [[String: Any]] ?? [] }
    #expect(cells.allSatisfy { $0.keys.contains("value") && $0.keys.contains("note") })
    #expect(object["playbook_sha256"] as? String == String(repeating: "ab", count: 32))
  }

  private static func json(_ report: RolloutReport) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(report), as: UTF8.self) + "\n"
  }
}
