/// The checkout as text: what the tidy tests read.

import Foundation
import Testing

enum Repository {
  /// The folder of Package.swift.
  static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let sources = files(under: "Sources", suffix: ".swift")
  static let tests = files(under: "Tests", suffix: ".swift")

  /// Sorted by path; hidden files and folders are left out.
  static func files(under folder: String, suffix: String = "") -> [SourceFile] {
    let start = root.appendingPathComponent(folder)
    guard let walk = FileManager.default.enumerator(atPath: start.path) else { return [] }
    var files: [SourceFile] = []
    while let name = walk.nextObject() as? String {
      guard name.hasSuffix(suffix), !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else { continue }
      if let file = SourceFile(path: "\(folder)/\(name)") { files.append(file) }
    }
    return files.sorted { $0.path < $1.path }
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
  }

  static func entries(of folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path).sorted()
  }
}

/// A text file of the checkout.
struct SourceFile: Sendable {
  /// From the root, such as `Sources/Journal/Journal.swift`.
  let path: String
  let lines: [String]
  /// Without comments and the contents of strings, line by line.
  let code: [String]

  /// nil: a folder, or no text.
  init?(path: String) {
    guard let data = FileManager.default.contents(atPath: Repository.root.appendingPathComponent(path).path),
      let text = String(data: data, encoding: .utf8)
    else { return nil }
    self.init(path: path, text: text)
  }

  init(path: String, text: String) {
    self.path = path
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    self.lines = lines
    code = Self.code(of: lines)
  }

  private static func code(of lines: [String]) -> [String] {
    var isInText = false
    return lines.map { line in
      guard line.contains("\"") || line.contains("//") || isInText else { return line }
      let marks = line.ranges(of: "\"\"\"").count
      defer { if marks % 2 == 1 { isInText.toggle() } }
      if isInText || marks > 0 { return "" }
      let bare = line.contains("\"") ? line.replacing(/"(\\.|[^"\\])*"/, with: "\"\"") : line
      return bare.firstRange(of: "//").map { String(bare[..<$0.lowerBound]) } ?? bare
    }
  }

  /// `Journal` of `Sources/Journal/Journal.swift`.
  var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

  /// `path:line` of every line of code that the pattern is found in.
  func places(of pattern: Regex<some Any>) -> [String] {
    code.enumerated().filter { $0.element.contains(pattern) }.map { "\(path):\($0.offset + 1)" }
  }
}

extension SourceFile: CustomTestStringConvertible {
  var testDescription: String { path }
}
