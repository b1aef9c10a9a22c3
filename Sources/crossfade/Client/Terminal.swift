/// What standard output is, and how to draw on it.

import Foundation

enum Terminal {
  static var isTerminal: Bool { isatty(1) == 1 }

  /// A terminal whose user has not asked for plain text (https://no-color.org).
  static var isColourful: Bool { isTerminal && ProcessInfo.processInfo.environment["NO_COLOR"] == nil }

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
