/// Faults as an operator writes them: `reset-before-head`, `cut-mid-body:100`, `status:503:2`.
extension Fault: CustomStringConvertible {
  /// A text that names no fault, and why.
  package struct Unreadable: Error, Equatable, CustomStringConvertible {
    package let description: String
  }

  /// The forms, in the order of `Fault`'s cases; what follows a colon is a number.
  package static let forms = [
    "none", "refuse", "reset-before-head", "close-before-head", "hang-before-head", "hang-after-head",
    "hang-mid-body:BYTES",
    "hang-after-body",
    "cut-mid-body:BYTES", "reset-mid-body:BYTES", "cut-mid-event", "drip-bytes:MILLISECONDS", "oversized-head:BYTES",
    "wrong-length:DIFFERENCE", "garbage", "early-response", "flood:BYTES", "status:CODE",
    "status:CODE:RETRY-AFTER-SECONDS",
    "error-in-body", "error-event", "no-terminal", "empty", "duplicate-length", "length-and-chunked", "bad-chunk",
    "hundred-continue", "early-hints", "close-after-answer", "http10",
  ]

  private static let plain: [String: Fault] = [
    "none": .none, "refuse": .refuse, "reset-before-head": .resetBeforeHead,
    "close-before-head": .closeBeforeHead, "hang-before-head": .hangBeforeHead,
    "hang-after-head": .hangAfterHead, "hang-after-body": .hangAfterBody,
    "cut-mid-event": .cutMidEvent, "garbage": .garbage,
    "early-response": .earlyResponse, "error-in-body": .errorInBody, "error-event": .errorEvent,
    "no-terminal": .noTerminal, "empty": .empty, "duplicate-length": .duplicateLength,
    "length-and-chunked": .lengthAndChunked, "bad-chunk": .badChunk, "hundred-continue": .hundredContinue,
    "early-hints": .earlyHints, "close-after-answer": .closeAfterAnswer, "http10": .http10,
  ]

  /// - Throws: `Unreadable` with the forms that would do.
  package init(parsing text: String) throws(Unreadable) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let numbers = parts.dropFirst().compactMap { Int($0) }
    guard numbers.count == parts.count - 1, let fault = Self.fault(parts[0], numbers) else {
      throw Unreadable(description: "“\(text)” is no fault; one of: \(Self.forms.joined(separator: ", "))")
    }
    self = fault
  }

  private static func fault(_ name: String, _ numbers: [Int]) -> Fault? {
    switch (name, numbers.count) {
    case (_, 0): plain[name]
    case ("wrong-length", 1): .wrongLength(by: numbers[0])
    case _ where numbers.contains { $0 < 0 }: nil
    case ("hang-mid-body", 1): .hangMidBody(afterBytes: numbers[0])
    case ("cut-mid-body", 1): .cutMidBody(afterBytes: numbers[0])
    case ("reset-mid-body", 1): .resetMidBody(afterBytes: numbers[0])
    case ("drip-bytes", 1): .dripBytes(interval: .milliseconds(numbers[0]))
    case ("oversized-head", 1): .oversizedHead(bytes: numbers[0])
    case ("flood", 1): .flood(bytes: numbers[0])
    case ("status", 1) where (200...599).contains(numbers[0]): .status(numbers[0], retryAfterSeconds: nil)
    case ("status", 2) where (200...599).contains(numbers[0]): .status(numbers[0], retryAfterSeconds: numbers[1])
    default: nil
    }
  }

  /// The text that `init(parsing:)` reads back, to the millisecond.
  package var description: String {
    switch self {
    case .hangMidBody(let bytes): "hang-mid-body:\(bytes)"
    case .cutMidBody(let bytes): "cut-mid-body:\(bytes)"
    case .resetMidBody(let bytes): "reset-mid-body:\(bytes)"
    case .dripBytes(let interval): "drip-bytes:\(Int(interval / .milliseconds(1)))"
    case .oversizedHead(let bytes): "oversized-head:\(bytes)"
    case .wrongLength(let difference): "wrong-length:\(difference)"
    case .flood(let bytes): "flood:\(bytes)"
    case .status(let status, nil): "status:\(status)"
    case .status(let status, let seconds?): "status:\(status):\(seconds)"
    default: Self.plain.first { $0.value == self }?.key ?? "none"
    }
  }
}
