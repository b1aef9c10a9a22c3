import Foundation
import Testing

@testable import crossfade

/// The program itself, as its user starts it.
@Suite("Demo", .serialized)
struct DemoTests {
  /// Built beside the tests.
  private static var program: URL {
    URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "crossfade")
  }

  private struct Run {
    var process = Process()
    var output = Pipe()
    var progress = Pipe()
    /// Where the demo puts its temporary files.
    var folder: URL
  }

  private func start(_ arguments: [String]) throws -> Run {
    let folder = FileManager.default.temporaryDirectory.appending(path: "demo-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let run = Run(folder: folder)
    run.process.executableURL = Self.program
    run.process.arguments = arguments
    run.process.environment = ["TMPDIR": folder.path, "PATH": ""]
    run.process.standardOutput = run.output
    run.process.standardError = run.progress
    try run.process.run()
    return run
  }

  private func rest(_ pipe: Pipe) throws -> String {
    String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
  }

  /// Everything up to and with a text; what comes in the same piece is taken with it.
  private func read(_ pipe: Pipe, until text: String) -> String {
    var seen = ""
    while !seen.contains(text) {
      let piece = pipe.fileHandleForReading.availableData
      if piece.isEmpty { break }
      seen += String(decoding: piece, as: UTF8.self)
    }
    return seen
  }

  @Test("The story goes as told, on real sockets, and leaves nothing behind", .timeLimit(.minutes(4)))
  func story() throws {
    let run = try start(["demo", "--fast"])
    let progress = try rest(run.progress)
    let summary = try rest(run.output)
    run.process.waitUntilExit()
    #expect(run.process.terminationStatus == 0, "\(progress)\n\(summary)")
    #expect(summary.hasPrefix("Crossfade rolled challenger back by itself in stage ramp-"))
    #expect(summary.contains(": no client saw an error\n"))
    #expect(summary.contains("none of them to challenger"))
    #expect(summary.contains("in none"))
    for line in [
      "started demo in stage baseline", "from baseline to shadow", "from shadow to canary", "from canary to ramp-25",
      "challenger breaks", "rolled back challenger: error_rate",
    ] {
      #expect(progress.contains(line))
    }
    #expect(!progress.contains("\u{1b}"), "a pipe gets plain lines")
    #expect(try FileManager.default.contentsOfDirectory(atPath: run.folder.path) == [])
    try FileManager.default.removeItem(at: run.folder)
  }

  @Test("Ctrl-C ends it at once, and leaves nothing behind", .timeLimit(.minutes(1)))
  func interrupted() throws {
    let run = try start(["demo"])
    #expect(read(run.progress, until: "started demo").contains("started demo in stage baseline"))
    run.process.interrupt()
    #expect(try rest(run.progress).hasSuffix("interrupted; nothing is left behind\n"))
    #expect(try rest(run.output) == "")
    run.process.waitUntilExit()
    #expect(run.process.terminationStatus == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: run.folder.path) == [])
    try FileManager.default.removeItem(at: run.folder)
  }

  @Test("The playbook is printed as it is, and nothing else happens")
  func printPlaybook() throws {
    let run = try start(["demo", "--print-playbook"])
    #expect(try rest(run.output) == DemoPlaybook.text)
    run.process.waitUntilExit()
    #expect(run.process.terminationStatus == 0)
    try FileManager.default.removeItem(at: run.folder)
  }

  @Test("A store that exists is not touched; that is a usage error")
  func existingStore() throws {
    let run = try start(["demo", "--store", "/dev/null"])
    #expect(try rest(run.progress).hasPrefix("Error: --store: /dev/null exists; name a new file\n"))
    run.process.waitUntilExit()
    #expect(run.process.terminationStatus == 2)
    try FileManager.default.removeItem(at: run.folder)
  }

  @Test("An emulated gateway says where it is, and on a signal what it did", .timeLimit(.minutes(1)))
  func emulate() throws {
    let run = try start(["emulate", "--listen", "127.0.0.1:0", "--vendor", "litellm"])
    let ready = read(run.progress, until: "\n")
    #expect(ready.hasPrefix("emulated litellm gateway: http://127.0.0.1:"))
    #expect(!ready.contains(":0/"))
    run.process.terminate()
    #expect(
      try rest(run.progress)
        == "stopped after 0 requests on 0 connections: 0 answered whole, 0 cut short, 0 given up by the caller\n")
    run.process.waitUntilExit()
    #expect(run.process.terminationStatus == 0)
    try FileManager.default.removeItem(at: run.folder)
  }
}
