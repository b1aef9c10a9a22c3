/// Files that cannot be read are problems, not crashes.

import Foundation
import RolloutJudge
import Testing

@testable import PlaybookYAML

@Suite struct PlaybookFileTests {
  private func read(_ bytes: [UInt8]) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("p.yaml")
    try Data(bytes).write(to: file)
    let reading = readPlaybook(at: file.path, environment: [:])
    #expect(reading.playbook == nil)
    return reading.problems.map { $0.description.replacingOccurrences(of: folder.path + "/", with: "") }
  }

  @Test("a missing file and a directory are said to be so") func missing() {
    let folder = FileManager.default.temporaryDirectory.path
    #expect(
      readPlaybook(at: "\(folder)/none-such.yaml", environment: [:]).problems.map(\.message) == [
        "there is no such file"
      ])
    #expect(readPlaybook(at: folder, environment: [:]).problems.map(\.message) == ["is a directory"])
  }

  @Test("an empty file, bytes that are no UTF-8 and too many bytes are refused") func content() throws {
    #expect(try read([]) == ["p.yaml: error: the file is empty; start with 'crossfade: 1'"])
    #expect(try read([0x61, 0x3a, 0x20, 0xff]) == ["p.yaml: error: the file is not UTF-8; save it as UTF-8"])
    #expect(
      try read(Array(repeating: 0x20, count: 1 << 20)) == [
        "p.yaml: error: the file is empty; start with 'crossfade: 1'"
      ])
    #expect(
      try read(Array(repeating: 0x20, count: (1 << 20) + 1)) == [
        "p.yaml: error: the file is larger than 1 MiB; a playbook is a page of text"
      ])
  }

  @Test("the hash is asked for with the bytes as read") func hash() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(Sample.text().utf8).write(to: file)
    let reading = readPlaybook(at: file.path, environment: ["KEY": "k"]) { "\($0.count)" }
    #expect(reading.playbook?.sha256 == "\(Sample.text().utf8.count)")
  }
}
