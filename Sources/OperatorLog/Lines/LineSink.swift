/// Where finished lines go; standard error in the program, memory in tests.

package protocol LineSink: Sendable {
  /// Takes a whole line with its line feed, without waiting long.
  /// - Returns: whether it was taken; the caller counts those that were not.
  func write(_ line: [UInt8]) -> Bool

  /// Whether people look at it directly.
  var isTerminal: Bool { get }
}
