/// The part of a terminal that the demo redraws: standard error, where that is a terminal that can.

import Foundation

/// Draws on one file descriptor. Not for two threads at once.
final class LiveArea {
  let columns: Int
  let rows: Int
  private let inColour: Bool
  private var drawn = 0

  /// Nil where standard error is no terminal, or one that cannot move its cursor, or too small to be drawn on.
  init?(environment: [String: String] = ProcessInfo.processInfo.environment) {
    guard isatty(2) == 1, let kind = environment["TERM"], kind != "dumb", !kind.isEmpty else { return nil }
    var size = winsize()
    guard ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 60, size.ws_row >= 12 else { return nil }
    columns = Int(size.ws_col)
    rows = Int(size.ws_row)
    inColour = environment["NO_COLOR"].map(\.isEmpty) ?? true
    put("\u{1b}[?25l")
  }

  /// Replaces what was drawn before.
  func draw(_ lines: [StyledLine]) {
    var text = drawn > 0 ? "\u{1b}[\(drawn)A" : ""
    for line in lines { text += "\r" + line.text(inColour: inColour, columns: columns) + "\u{1b}[K\n" }
    put(text + "\u{1b}[J")
    drawn = lines.count
  }

  /// Leaves what was drawn and shows the cursor again.
  func close() { put("\u{1b}[?25h") }

  private func put(_ text: String) {
    // A terminal that has gone away takes the demo's progress with it, nothing else.
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// Whether the terminal shows more than ASCII.
  static func glyphs(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> Glyphs {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    let text = locale.lowercased()
    return text.contains("utf-8") || text.contains("utf8") ? .unicode : .ascii
  }
}
