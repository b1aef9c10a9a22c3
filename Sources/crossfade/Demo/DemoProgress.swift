/// Shows the demo as it goes: drawn in place on a terminal, else a line for each decision and one every few seconds.

import Foundation

/// On standard error.
final class DemoProgress {
  private let area: LiveArea?
  private let glyphs: Glyphs
  private var printed = 0
  private var reportedAt = Duration.zero

  init() {
    area = LiveArea()
    glyphs = LiveArea.glyphs()
  }

  func show(_ view: DemoView) {
    if let area {
      area.draw(DemoScreen(view: view, glyphs: glyphs, rows: area.rows).lines)
      return
    }
    for entry in view.entries.dropFirst(printed) { say(DemoScreen.line(of: entry)) }
    printed = view.entries.count
    guard view.elapsed - reportedAt >= view.pace.report else { return }
    reportedAt = view.elapsed
    say(DemoScreen(view: view).brief)
  }

  func close() { area?.close() }

  private func say(_ line: StyledLine) {
    try? FileHandle.standardError.write(contentsOf: Data((line.text(inColour: false) + "\n").utf8))
  }
}
