/// Lines written to a file descriptor: whole, in order, and never waiting long for whoever reads them.

import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A reader that is slow or stalls costs one wait of `patience` for every `linesPerWait` lines it took at once; without
/// that credit a line that there is no room for is refused. A reader that has gone costs nothing: every further line is
/// refused at once.
package final class DescriptorSink: LineSink {
  package let isTerminal: Bool

  private let descriptor: Int32
  private let isFile: Bool
  /// Milliseconds.
  private let patience: Int32
  private let state = Mutex(State())

  private static let linesPerWait = 100

  private struct State {
    /// The rest of a line that was begun; it goes first, so that lines are never mixed.
    var unfinished: ArraySlice<UInt8> = []
    /// Lines taken since the last wait.
    var credit = DescriptorSink.linesPerWait
    var waits = 0
    var isBroken = false
  }

  private enum Push { case done, noRoom, broken }

  /// - Parameters:
  ///   - descriptor: stays open and stays the caller's.
  ///   - patience: milliseconds.
  package init(descriptor: Int32, patience: Int32 = 50) {
    // A reader that goes away must not end the process.
    _ = signal(SIGPIPE, SIG_IGN)
    self.descriptor = descriptor
    self.patience = patience
    var status = stat()
    isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    isTerminal = isatty(descriptor) == 1
  }

  package func write(_ line: [UInt8]) -> Bool {
    state.withLock { state in
      guard !state.isBroken else { return false }
      if !state.unfinished.isEmpty, push(&state) != .done { return false }
      state.unfinished = line[...]
      let wasWhole = state.unfinished.count
      switch push(&state) {
      case .done: return true
      case .noRoom where state.unfinished.count < wasWhole: return true
      case .noRoom, .broken:
        state.unfinished = []
        return false
      }
    }
  }

  /// Writes as much as there is room for.
  private func push(_ state: inout State) -> Push {
    while !state.unfinished.isEmpty {
      guard let push = pushPiece(&state) else { continue }
      return push
    }
    state.credit += 1
    return .done
  }

  /// A pipe that polls as writable has room for 4096 bytes (POSIX `PIPE_BUF`), so that the write does not wait.
  private func pushPiece(_ state: inout State) -> Push? {
    let rest = state.unfinished
    guard hasRoom(&state) else { return .noRoom }
    let piece = isFile ? rest : rest.prefix(4096)
    let written = piece.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
    if written >= 0 {
      state.unfinished = rest.dropFirst(written)
      return nil
    }
    switch errno {
    case EINTR: return nil
    case EPIPE, EBADF:
      state.isBroken = true
      return .broken
    default: return .noRoom
    }
  }

  private func hasRoom(_ state: inout State) -> Bool {
    if isWritable(within: 0) { return true }
    guard state.credit >= Self.linesPerWait else { return false }
    state.credit = 0
    state.waits += 1
    return isWritable(within: patience)
  }

  /// An interrupted wait counts as one without room.
  private func isWritable(within milliseconds: Int32) -> Bool {
    var descriptor = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&descriptor, 1, milliseconds) > 0
  }

  /// How often a reader was waited for.
  var waits: Int { state.withLock(\.waits) }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
