/// A whole connection read the way the shell reads it: heads from a buffer that grows, bodies forwarded and forgotten.

import HTTPFraming

struct ReadField: Equatable {
  var name: [UInt8]
  var value: [UInt8]
}

/// One message, in terms that another parser can be held against.
struct ReadMessage: Equatable {
  /// Method and target, or the status.
  var start: [[UInt8]]
  var minorVersion: Int
  var fields: [ReadField]
  var keepsAlive: Bool
  var body: [UInt8] = []
  var isComplete = false
}

extension ReadMessage: CustomStringConvertible {
  /// Readable in a failure, controls escaped.
  var description: String {
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self).debugDescription }
    let fields = fields.map { "\(text($0.name)): \(text($0.value))" }.joined(separator: ", ")
    return """
      \(start.map(text).joined(separator: " ")) 1.\(minorVersion) [\(fields)] \(text(body)) \
      \(isComplete ? "complete" : "open"), \(keepsAlive ? "keeps alive" : "closes")
      """
  }
}

struct Reading: Equatable {
  var messages: [ReadMessage] = []
  var violation: FramingViolation?
  /// Bytes in messages that are complete.
  var consumed = 0
  /// Nothing follows: a message said that it was the connection's last.
  var isLast = false
}

/// The read side of a shell, without the sockets.
struct WireReader {
  private let kind: MessageKind
  /// For responses: what each was asked with, in order; the last one stands for all after it.
  private var methods: [HTTPMethod]
  private var scanner: HeadScanner
  private var body: BodyReader?
  private var held: [UInt8] = []
  private var passed = 0
  private(set) var reading = Reading()

  init(_ kind: MessageKind, methods: [HTTPMethod] = [.post]) {
    self.kind = kind
    self.methods = methods
    scanner = HeadScanner(kind)
  }

  private var isOver: Bool { reading.violation != nil || reading.isLast }

  mutating func receive(_ piece: [UInt8]) {
    held += piece
    do {
      while !isOver, try step() {}
    } catch {
      reading.violation = error
    }
  }

  mutating func close() {
    guard !isOver, let body, body.closed() else { return }
    endMessage()
  }

  /// Reads a head or a piece of a body; false once more bytes are needed.
  private mutating func step() throws(FramingViolation) -> Bool {
    let held = held
    if body == nil {
      guard let end = try scanner.end(in: held) else { return false }
      try beginMessage(Array(held[..<end]))
      drop(end)
      return true
    }
    switch try body!.piece(held, from: 0) {
    case .payload(let range):
      reading.messages[reading.messages.count - 1].body += held[range]
      drop(range.upperBound)
    case .padding(let range): drop(range.upperBound)
    case .needMore(let consumed):
      drop(consumed)
      return false
    case .end(let consumed):
      drop(consumed)
      endMessage()
    }
    return true
  }

  private mutating func drop(_ count: Int) {
    held.removeFirst(count)
    passed += count
  }

  private mutating func beginMessage(_ bytes: [UInt8]) throws(FramingViolation) {
    switch kind {
    case .request:
      let head = try requestHead(bytes)
      begin(head.fields, head.framing, minorVersion: head.minorVersion, keepsAlive: head.keepsAlive, in: bytes)
      reading.messages[reading.messages.count - 1].start = [Array(bytes[head.methodRange]), Array(bytes[head.target])]
    case .response:
      let head = try responseHead(bytes, toMethod: methods[0])
      if !head.isInformational && methods.count > 1 { methods.removeFirst() }
      begin(head.fields, head.framing, minorVersion: head.minorVersion, keepsAlive: head.keepsAlive, in: bytes)
      reading.messages[reading.messages.count - 1].start = [Array(String(head.status).utf8)]
    }
  }

  private mutating func begin(
    _ fields: [FieldLine], _ framing: BodyFraming, minorVersion: UInt8, keepsAlive: Bool, in bytes: [UInt8]
  ) {
    reading.messages.append(
      ReadMessage(
        start: [], minorVersion: Int(minorVersion),
        fields: fields.map { ReadField(name: Array(bytes[$0.name]), value: Array(bytes[$0.value])) },
        keepsAlive: keepsAlive))
    body = BodyReader(framing)
  }

  private mutating func endMessage() {
    reading.messages[reading.messages.count - 1].isComplete = true
    reading.isLast = !reading.messages[reading.messages.count - 1].keepsAlive
    reading.consumed = passed
    body = nil
  }
}

/// Everything in `pieces`, then a close.
func read(_ kind: MessageKind, _ pieces: [[UInt8]], methods: [HTTPMethod] = [.post]) -> Reading {
  var reader = WireReader(kind, methods: methods)
  for piece in pieces { reader.receive(piece) }
  reader.close()
  return reader.reading
}
