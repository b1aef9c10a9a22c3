/// A video's id as the application has it: it names the arm, so that a later question finds it without anybody's memory.

package struct VideoID: Sendable, Equatable {
  package let arm: String
  /// The vendor's own id of the job.
  package let job: String
  private static let mark = "cf."

  package init(arm: String, job: String) {
    self.arm = arm
    self.job = job
  }

  /// - Parameters:
  ///   - text: `cf.<arm>.<job>`; any other is the baseline's own.
  ///   - arms: the names that there are. One may be the beginning of another, since a name may hold dots: the longest counts.
  package init?(_ text: some StringProtocol, among arms: [String]) {
    guard text.hasPrefix(Self.mark) else { return nil }
    let rest = text.dropFirst(Self.mark.count)
    let arm = arms.filter { rest.hasPrefix("\($0).") }.max { $0.utf8.count < $1.utf8.count }
    guard let arm else { return nil }
    let job = rest.dropFirst(arm.count + 1)
    guard !job.isEmpty, job != ".", job != "..", !job.contains("/") else { return nil }
    self.arm = arm
    self.job = String(job)
  }

  package var text: String { "\(Self.mark)\(arm).\(job)" }
}

/// A job as a video's id has it: the vendor's own id, or, of a vendor whose addresses cannot be made from it, those.
package struct VideoJob: Sendable, Equatable {
  package var id: String
  package var pollPath: String?
  package var resultPath: String?

  package init(id: String, _ report: JobReport, _ form: JobForm) {
    self.id = id
    guard form.poll.path == nil else { return }
    pollPath = report.pollPath
    resultPath = report.resultPath
  }

  /// - Parameter text: of a video's id; nil where it leads nowhere that a video of this form can be.
  package init?(_ text: String, _ form: JobForm) {
    guard form.poll.path == nil else {
      guard text.utf8.allSatisfy(Self.isPlain), text != "." && text != ".." else { return nil }
      id = text
      return
    }
    let parts = text.split(separator: "~", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].isEmpty, let cut = Int(parts[1]), let path = Self.path(parts[2]),
      [0, Self.suffix.count].contains(cut), path.hasSuffix(Self.suffix), Self.isJobPath(path, form.poll.mark)
    else { return nil }
    id = ""
    pollPath = path
    resultPath = String(path.dropLast(cut))
  }

  private static let suffix = "/status"

  /// Below an app, which has an owner, and of plain segments alone: it cannot lead to anything else that a key opens.
  private static func isJobPath(_ path: String, _ mark: String) -> Bool {
    guard path.hasPrefix("/"), let at = path.firstRange(of: mark) else { return false }
    let app = path[..<at.lowerBound].split(separator: "/")
    let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    return app.count >= 2 && app.count <= 3 && segments.count == app.count + 3
      && segments.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.allSatisfy(isPlain) }
  }

  private static func path(_ digits: Substring) -> String? {
    let digits = Array(digits.utf8)
    guard digits.count % 2 == 0 else { return nil }
    let bytes = stride(from: 0, to: digits.count, by: 2).map { at in
      UInt8(String(decoding: digits[at...at + 1], as: UTF8.self), radix: 16) ?? 0
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `~CUT~PATH`: the poll's path, and so many letters less is the result's.
  package var text: String {
    guard let pollPath else { return id }
    let isCut = resultPath.map { pollPath.hasPrefix($0) } ?? false
    let cut = isCut ? pollPath.utf8.count - (resultPath?.utf8.count ?? 0) : 0
    return "~\(cut)~" + pollPath.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "-_.:~".utf8.contains(byte)
    }
  }
}
