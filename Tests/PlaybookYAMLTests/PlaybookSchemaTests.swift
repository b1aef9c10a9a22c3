/// The schema and the reader agree: they come from one table, and the cases say so from the outside.

import Foundation
import Testing
import Yams

@testable import PlaybookYAML

@Suite struct PlaybookSchemaTests {
  static let schema: SchemaValidator.Object = {
    let decoded = try? JSONDecoder().decode([String: JSONValue].self, from: Data(playbookSchema().utf8))
    return (decoded ?? [:]).mapValues(\.plain)
  }()

  @Test("the schema is JSON of the 2020-12 dialect, with its definitions in place") func document() throws {
    let text = playbookSchema()
    #expect(Self.schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    #expect(text.hasSuffix("}\n"))
    let definitions = try #require(Self.schema["$defs"] as? [String: any Sendable])
    for reference in text.matches(of: #/"\$ref": "#\/\$defs\/([a-z_]+)"/#).map({ String($0.output.1) }) {
      #expect(definitions[reference] != nil, "\(reference)")
    }
  }

  @Test("every key of the format stands in the schema with its description") func keys() {
    let text = playbookSchema()
    for (path, shape) in PlaybookKeys.everywhere {
      for key in shape.keys {
        #expect(text.contains("\"\(key.name)\": {"), "\(path).\(key.name)")
        #expect(text.contains(JSONText.string(key.about).rendered()), "\(path).\(key.name)")
      }
    }
  }

  @Test("every shipped playbook follows the schema") func shipped() throws {
    let folder = GoldenTests.folder.appendingPathComponent("../../../playbooks")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
    #expect(names.count >= 4)
    for name in names {
      let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      #expect(try SchemaValidator(Self.schema).complaints(text) == [], "\(name)")
    }
  }

  @Test("what the reader accepts the schema accepts", arguments: GoldenTests.cases) func agreement(name: String) throws
  {
    let text = try String(contentsOf: GoldenTests.folder.appendingPathComponent("\(name).yaml"), encoding: .utf8)
    let reading = readPlaybook(text: text, file: name, environment: GoldenTests.environment(of: text))
    guard reading.playbook != nil else { return }
    #expect(try SchemaValidator(Self.schema).complaints(text) == [])
  }

  @Test(
    "what is of the wrong form the schema refuses",
    arguments: [
      "unknown-key", "unknown-key-elsewhere", "unknown-metric", "bare-share", "share-over-100", "no-stages",
      "nothing-but-version",
      "version-2", "version-missing", "not-a-mapping", "money", "durations", "sizes-2", "metric-units",
      "condition-empty",
      "threshold", "threshold-unknown", "names-invalid", "vendor-unknown", "url-invalid", "headers", "models-missing",
      "models-invalid", "baseline-keys", "prices", "sticky", "sticky-one", "rules", "fallback", "wrong-types", "nulls",
      "flags",
      "webhook", "compare", "compare-semantic", "samples", "samples-word", "tags", "budgets", "effort",
    ]) func refusal(name: String) throws
  {
    let text = try String(contentsOf: GoldenTests.folder.appendingPathComponent("\(name).yaml"), encoding: .utf8)
    #expect(try !SchemaValidator(Self.schema).complaints(text).isEmpty)
  }
}
