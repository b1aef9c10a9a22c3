/// Opens a playbook file: missing, unreadable, oversized and undecodable ones are problems like any other.

import Foundation

/// Reads the file at `path`, at most 1 MiB of UTF-8.
///
/// - Parameters:
///   - unset: whether secrets may be missing.
///   - sha256: gives the lower-case hex SHA-256 of the file's bytes.
package func readPlaybook(
  at path: String, environment: [String: String], unset: UnsetSecrets = .refused,
  sha256: ([UInt8]) -> String = { _ in "" }
) -> PlaybookReading {
  func refused(_ message: String, _ suggestion: String? = nil) -> PlaybookReading {
    var problems = ProblemList(file: path)
    problems.error(.wholeFile, "", message, suggestion)
    return PlaybookReading(playbook: nil, problems: problems.sorted())
  }
  var isDirectory: ObjCBool = false
  guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
    return refused("there is no such file")
  }
  if isDirectory.boolValue { return refused("is a directory", "name a file in it") }
  let bytes: [UInt8]
  do {
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? handle.close() }
    bytes = [UInt8](try handle.read(upToCount: YAMLLimit.bytes + 1) ?? Data())
  } catch {
    return refused("cannot be read: \((error as NSError).localizedDescription)")
  }
  guard bytes.count <= YAMLLimit.bytes else {
    return refused("the file is larger than 1 MiB", "a playbook is a page of text")
  }
  guard let text = String(validating: bytes, as: UTF8.self) else {
    return refused("the file is not UTF-8", "save it as UTF-8")
  }
  return readPlaybook(text: text, file: path, environment: environment, sha256: sha256(bytes), unset: unset)
}
