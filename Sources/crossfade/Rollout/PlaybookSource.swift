/// Where a running process gets another playbook from: its own file, or a text that somebody sends.

import Crypto
import Foundation
import PlaybookYAML
import RolloutJudge

struct PlaybookSource: Sendable {
  /// The path that the process was started with.
  let path: String

  func read() -> PlaybookReading { readPlaybook(path) }

  func read(_ text: String) -> PlaybookReading {
    readPlaybook(
      text: text, file: "the playbook", environment: ProcessInfo.processInfo.environment, sha256: sha256Text(text.utf8))
  }

  /// The file's text as it is now; nil where it cannot be read.
  var text: String? { try? String(contentsOfFile: path, encoding: .utf8) }

  /// Changes with the file, whether it is written in place, replaced, or a link to another.
  var stamp: FileStamp? { FileStamp(path: path) }
}

struct FileStamp: Equatable, Sendable {
  private let device: UInt64
  private let node: UInt64
  private let bytes: Int64
  private let seconds: Int
  private let nanoseconds: Int

  init?(path: String) {
    var info = Foundation.stat()
    guard stat(path, &info) == 0 else { return nil }
    device = UInt64(info.st_dev)
    node = UInt64(info.st_ino)
    bytes = Int64(info.st_size)
    #if canImport(Darwin)
      (seconds, nanoseconds) = (info.st_mtimespec.tv_sec, info.st_mtimespec.tv_nsec)
    #else
      (seconds, nanoseconds) = (info.st_mtim.tv_sec, info.st_mtim.tv_nsec)
    #endif
  }
}

/// Who may reach the admin endpoints without a token may steer, and no more: an address or a key that only a sent text has
/// would let them lead requests, and what the environment keeps, wherever they like.
enum SentPlaybook {
  /// - Parameters:
  ///   - text: as sent.
  ///   - inForce: the text of the playbook in force.
  /// - Returns: whether it sends nothing anywhere else than the one in force does.
  static func isHarmless(_ playbook: Playbook, _ text: String, beside former: Playbook, _ inForce: String) -> Bool {
    playbook.baseline == former.baseline && playbook.candidates == former.candidates
      && playbook.onDecision == former.onDecision && playbook.compare == former.compare
      && variables(in: text) == variables(in: inForce)
  }

  /// Every `${NAME` of the text, in order: with the arms unchanged, as many as there are now cannot stand elsewhere than now.
  static func variables(in text: String) -> [String] {
    text.matches(of: /\$\{[^}]*/).map { String($0.output) }.sorted()
  }
}
