/// Cuts the whole body of an answer into its JSON documents: the body itself, or the data of each event.

struct AnswerDocuments {
  /// - Parameters:
  ///   - body: decoded; broken or cut as it may be.
  ///   - namedOnly: events without one of Anthropic's names are passed over, as its SDKs do.
  ///   - read: gets a document and whether it is the whole body.
  static func forEach(in body: RawSpan, namedOnly: Bool = false, _ read: (JSONTree, _ isWhole: Bool) -> Void) {
    var at = 0
    // As the reader of live answers does it: space and a byte order mark are passed over.
    while let byte = body.byte(ifAt: at), [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains(byte) { at += 1 }
    guard let first = body.byte(ifAt: at) else { return }
    switch AnswerFormat.other.sniffed(first) {
    case .json: if let tree = JSONTree(body.extracting(at..<body.byteCount), keepsHalves: true) { read(tree, true) }
    case .eventStream: forEachEvent(in: body, from: at, namedOnly: namedOnly, read)
    case .other: break
    }
  }

  private static func forEachEvent(
    in body: RawSpan, from start: Int, namedOnly: Bool, _ read: (JSONTree, Bool) -> Void
  ) {
    var stream = EventStream()
    var at = start
    var line: Range<Int>?
    // Only the data of several lines has to be copied.
    var joined: [UInt8] = []
    while true {
      switch stream.next(in: body, at: &at) {
      case .data(let range): append(range, of: body, &line, &joined)
      case .joint:
        if let first = line {
          joined.append(contentsOf: body, first)
          line = nil
        }
        joined.append(0x0A)
      case .dispatch:
        let isHeard = !namedOnly || stream.name.namesMessageEvent
        guard readEvent(body, line, joined, { if isHeard { read($0, $1) } }) else { return }
        stream.reset()
        line = nil
        joined.removeAll(keepingCapacity: true)
      case .more:
        // What the stream ended within is read where it is whole.
        if !namedOnly || stream.name.namesMessageEvent { _ = readEvent(body, line, joined, read) }
        return
      }
    }
  }

  private static func append(_ range: Range<Int>, of body: RawSpan, _ line: inout Range<Int>?, _ joined: inout [UInt8])
  {
    if line == nil, joined.isEmpty { line = range } else { joined.append(contentsOf: body, range) }
  }

  /// - Returns: false after the last event, `[DONE]`.
  private static func readEvent(
    _ body: RawSpan, _ line: Range<Int>?, _ joined: [UInt8], _ read: (JSONTree, Bool) -> Void
  ) -> Bool {
    if let line {
      let data = body.extracting(line)
      if data.holds("[DONE]", at: 0) { return false }
      if let tree = JSONTree(data, keepsHalves: true) { read(tree, false) }
    } else if !joined.isEmpty {
      if let tree = JSONTree(joined.span.bytes, keepsHalves: true) { read(tree, false) }
    }
    return true
  }
}

extension [UInt8] {
  fileprivate mutating func append(contentsOf bytes: RawSpan, _ range: Range<Int>) {
    bytes.extracting(range).withUnsafeBytes { append(contentsOf: $0) }
  }
}
