/// The nature of standard output, and how to draw on it.

import Foundation

enum Terminal {
  static var isTerminal: Bool { isatty(1) == 1 }

  /// A terminal whose user has not asked for plain text (https://no-color.org).
  static var isColourful: Bool { isTerminal && ProcessInfo.processInfo.environment["NO_COLOR"] == nil }

  /// The terminal's width; nil where standard output is none and the environment's COLUMNS says nothing.
  static var columns: Int? {
    if let text = ProcessInfo.processInfo.environment["COLUMNS"], let count = Int(text), (20...1000).contains(count) {
      return count
    }
    var size = winsize()
    guard isTerminal, ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 20 else { return nil }
    return Int(size.ws_col)
  }

  /// Clears the screen and goes to its top left.
  static func clear() { print("\u{1b}[2J\u{1b}[H", terminator: "") }
}

extension String {
  /// Cut or filled with spaces to exactly this many characters.
  func padded(_ width: Int) -> String {
    count >= width ? String(prefix(width)) : self + String(repeating: " ", count: width - count)
  }

  /// Filled with spaces on the left.
  func leftPadded(_ width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
