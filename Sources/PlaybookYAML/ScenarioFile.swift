/// Opens a scenario file; what is wrong with the file itself is a problem like any other.

import Foundation

/// Reads the file at `path`, at most 1 MiB of UTF-8.
package func readScenario(at path: String, environment: [String: String] = [:]) -> ScenarioReading {
  func refused(_ message: String) -> ScenarioReading {
    var problems = ProblemList(file: path)
    problems.error(.wholeFile, "", message)
    return ScenarioReading(scenario: nil, problems: problems.sorted())
  }
  let bytes: [UInt8]
  do {
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? handle.close() }
    bytes = [UInt8](try handle.read(upToCount: YAMLLimit.bytes + 1) ?? Data())
  } catch {
    return refused("cannot be read: \((error as NSError).localizedDescription)")
  }
  guard bytes.count <= YAMLLimit.bytes else { return refused("the file is larger than 1 MiB") }
  guard let text = String(validating: bytes, as: UTF8.self) else { return refused("the file is not UTF-8") }
  return readScenario(text: text, file: path, environment: environment)
}
