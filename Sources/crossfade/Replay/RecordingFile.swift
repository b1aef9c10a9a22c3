/// Reads a recording: lines of JSON, or the samples of a store.

import Foundation
import Journal

extension Recording {
  /// - Parameters:
  ///   - path: a store, told by its first bytes, or a file of lines.
  ///   - limit: requests that are kept.
  ///   - refuses: why a request is left out; nil where it is not.
  /// - Throws: `RecordingProblems`, `JournalError`, or Foundation's errors for a file that cannot be read.
  static func reading(
    _ path: String, limit: Int, refuses: (RecordedRequest) -> String? = { _ in nil }
  ) throws -> Recording {
    let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    if data.starts(with: Data("SQLite format 3\0".utf8)) {
      return try Recording(samplesOf: Journal.reading(path: path), limit: limit, refuses: refuses)
    }
    return try Recording(lines: data, name: path, limit: limit, refuses: refuses)
  }

  /// Every line is read, those beyond the limit too: a file that is wrong at its end is wrong.
  init(
    lines data: Data, name: String, limit: Int, refuses: (RecordedRequest) -> String? = { _ in nil }
  ) throws(RecordingProblems) {
    var problems: [String] = []
    var further = 0
    var number = 0
    func add(_ problem: String) {
      if problems.count < RecordingProblems.limit { problems.append(problem) } else { further += 1 }
    }
    for line in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      guard line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { continue }
      let origin = "\(name):\(number)"
      guard let read = RecordingLine(Array(line)[...], origin: origin) else {
        add("\(origin): not a JSON object")
        continue
      }
      for problem in read.problems { add("\(origin): \(problem)") }
      guard read.problems.isEmpty else { continue }
      self.add(read.request, limit: limit, refuses: refuses)
    }
    if requests.isEmpty, leftOut.isEmpty, problems.isEmpty { problems.append("\(name): holds no request") }
    if !problems.isEmpty { throw RecordingProblems(problems: problems, further: further) }
  }

  mutating func add(_ request: RecordedRequest, limit: Int, refuses: (RecordedRequest) -> String?) {
    if let reason = refuses(request) {
      leftOut[reason, default: 0] += 1
    } else if requests.count < limit {
      requests.append(request)
    } else {
      beyondLimit += 1
    }
  }
}
