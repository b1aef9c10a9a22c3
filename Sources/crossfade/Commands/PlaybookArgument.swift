/// Reading the operator's playbook for a command: problems on standard error, exit code 2 where one is an error.

import ArgumentParser
import Crypto
import Foundation
import PlaybookYAML
import RolloutJudge

/// The problems have been said when it throws; only the exit code is left.
///
/// - Parameter unset: `.warned` for commands that send nothing to an arm; what is missing is then said in any case.
func loadPlaybook(_ path: String, showWarnings: Bool = true, unset: UnsetSecrets = .refused) throws -> Playbook {
  let reading = readPlaybook(path, unset: unset)
  for problem in reading.problems where showWarnings || problem.severity == .error || problem.isOfUnsetSecret {
    printError(problem.description)
  }
  guard let playbook = reading.playbook else {
    let count = reading.errors.count
    printError("\(path): \(count) error\(count == 1 ? "" : "s"); see `crossfade schema playbook` for the format")
    throw ExitCode(2)
  }
  return playbook
}

func readPlaybook(_ path: String, unset: UnsetSecrets = .refused) -> PlaybookReading {
  readPlaybook(at: path, environment: ProcessInfo.processInfo.environment, unset: unset) { sha256Text($0) }
}

/// Lower-case hexadecimal.
func sha256Text(_ bytes: some Sequence<UInt8>) -> String {
  SHA256.hash(data: Array(bytes)).map { byte in
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }.joined()
}

func printError(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

/// The words of others stand in it, and steer no terminal.
func printPlain(json: some Sequence<UInt8>) { print(String(decoding: Array(json).plainJSON, as: UTF8.self)) }

/// One value for scripts and for people: over several lines, its keys in order.
func printPlain(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  printPlain(json: try encoder.encode(value))
}
