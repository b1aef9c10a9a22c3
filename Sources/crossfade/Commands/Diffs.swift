/// `crossfade diffs`: compared pairs, most different first, and one of them path by path.

import ArgumentParser
import Foundation
import Journal
import PlaybookYAML

struct Diffs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show compared pairs of answers, most different first.",
    discussion: """
      Reads the pairs that a running or stopped crossfade kept in its store; `samples:` in the playbook says which, and nothing \
      is changed. An id is the exchange's x-crossfade-id.
      """)

  @Option(help: "The store.")
  var store = "crossfade.db"

  @Option(help: "Only this rollout; a playbook's name.")
  var rollout: String?

  @Option(help: "Only pairs of this candidate.")
  var candidate: String?

  @Option(help: "At most so many.")
  var limit = 20

  @Option(help: "distance: most different first; newest: newest first.", transform: { try asWord($0) })
  var order = SampleOrder.distance

  @Option(help: ArgumentHelp("The pairs of one exchange, path by path.", valueName: "id"))
  var show: String?

  @Option(
    help: "unified or side-by-side. Default: by the terminal's width.",
    transform: { try asWord($0) as PairScreen.Layout })
  var layout: PairScreen.Layout?

  @Option(
    help: ArgumentHelp(
      "What would be blotted out of this text or body, were it kept; - reads standard input.", valueName: "file"))
  var redactTest: String?

  @Option(help: ArgumentHelp("For --redact-test: a playbook whose redact: and keys count too.", valueName: "file"))
  var playbook: String?

  @Flag(help: "One JSON object a line; with --show the bodies too.")
  var json = false

  func validate() throws {
    guard (1...10_000).contains(limit) else { throw ValidationError("--limit takes 1 to 10000") }
  }

  func run() throws {
    if let redactTest { return try testRedaction(of: redactTest) }
    do {
      let journal = try Journal.reading(path: store)
      if let show { try printPairs(of: show, journal) } else { try printList(journal) }
    } catch let error as JournalError {
      throw failure("\(error)")
    }
  }

  private func testRedaction(of path: String) throws {
    let bytes: Data
    do {
      bytes = try path == "-" ? FileHandle.standardInput.readToEnd() ?? Data() : Data(contentsOf: URL(filePath: path))
    } catch {
      throw failure("\(path) cannot be read: \(error.localizedDescription)")
    }
    let test = try RedactTest(playbook: playbook.map { try loadPlaybook($0, showWarnings: false, unset: .warned) })
    guard let result = test.result(of: String(decoding: bytes, as: UTF8.self)) else {
      throw failure("\(path) has more than \(TextRedaction.maxCharacters) characters: nothing of it would be kept")
    }
    guard json else { return result.lines.forEach { print($0) } }
    printPlain(json: try JSONEncoder.admin.encode(result))
  }

  private func printList(_ journal: JournalReader) throws {
    let samples = try journal.samples(rollout: rollout, candidate: candidate, order: order, limit: limit)
    if json { return try printJSON(samples) }
    guard !samples.isEmpty else { throw failure(try nothingFound(journal)) }
    for line in PairList(samples: samples).lines { print(line.text(inColour: Terminal.isColourful)) }
    if Terminal.isTerminal { printError("crossfade diffs --show \(samples[0].exchange) shows the first of them") }
  }

  private func printPairs(of id: String, _ journal: JournalReader) throws {
    guard id.utf8.count == 16, id.unicodeScalars.allSatisfy(\.properties.isASCIIHexDigit) else {
      throw failure("'\(id)' is no exchange's id: an x-crossfade-id has 16 hexadecimal digits")
    }
    let samples = try journal.samples(exchange: id.lowercased()).filter {
      $0.candidate == candidate ?? $0.candidate && $0.rollout == rollout ?? $0.rollout
    }
    guard !samples.isEmpty else {
      let whose = candidate.map { " of \($0)" } ?? ""
      throw failure("no compared pair\(whose) of exchange \(id) is kept; `crossfade diffs` lists those that are")
    }
    if json { return try printJSON(samples) }
    let columns = Terminal.columns ?? 100
    let layout = layout ?? (columns >= PairScreen.wideColumns ? .sideBySide : .unified)
    for (index, sample) in samples.enumerated() {
      if index > 0 { print("") }
      let screen = PairScreen(sample: sample, layout: layout, columns: columns)
      for line in screen.lines { print(line.text(inColour: Terminal.isColourful)) }
    }
  }

  private func printJSON(_ samples: [StoredSample]) throws {
    for sample in samples { printPlain(json: try SampleJSON.encode(sample)) }
  }

  private func nothingFound(_ journal: JournalReader) throws -> String {
    let isNarrowed = rollout != nil || candidate != nil
    let isEmpty = try journal.samples(limit: 1).isEmpty
    return isNarrowed && !isEmpty
      ? "no pair that is kept is of this rollout and candidate"
      : "no compared pair is kept: pairs come from stages with a shadow share, unless the playbook says samples: off"
  }

  private func failure(_ message: String) -> ExitCode {
    printError("error: \(message)")
    return ExitCode(1)
  }
}
