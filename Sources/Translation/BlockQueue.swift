/// Keeps a message's blocks in order: one is open, and what comes for others waits until it may close.

import Dialects

struct BlockQueue {
  enum Kind: Equatable { case text, thinking, redacted, tool(Int) }

  private struct Block {
    let kind: Kind
    var id: [UInt8]?
    var name: [UInt8]?
    /// What has come and not been sent.
    var pieces: [ArraySlice<UInt8>] = []
    var signature: [UInt8] = []
    var balance = ArgumentsBalance()

    /// Something more may still come for it, and nothing else tells where that is to go.
    var mustStayOpen: Bool { if case .tool = kind { !balance.isWhole } else { false } }
    /// A tool without a name can be called by nobody.
    var mayOpen: Bool { if case .tool = kind { name != nil } else { true } }
  }

  /// Bytes that wait for their block.
  static let limit = 1 << 20

  private var open: Block?
  private var waiting: [Block] = []
  private var waitingBytes = 0
  private var next = 0

  var isTooLong: Bool { waitingBytes > Self.limit }

  // MARK: what comes

  /// Text of a kind; none opens nothing.
  mutating func add(_ text: ArraySlice<UInt8>, to kind: Kind, into out: inout [UInt8]) {
    guard !text.isEmpty else { return }
    if waiting.isEmpty, let block = open, block.kind == kind, kind != .redacted, block.signature.isEmpty {
      write(text, of: kind, into: &out)
    } else if let last = waiting.indices.last, waiting[last].kind == kind, kind != .redacted,
      waiting[last].signature.isEmpty
    {
      keep(text, at: last)
    } else {
      waiting.append(Block(kind: kind))
      keep(text, at: waiting.count - 1)
      advance(into: &out)
    }
  }

  /// Signs the thinking before it.
  mutating func sign(_ signature: ArraySlice<UInt8>, into out: inout [UInt8]) {
    if waiting.isEmpty, open?.kind == .thinking {
      open?.signature += signature
    } else if let last = waiting.indices.last, waiting[last].kind == .thinking {
      waiting[last].signature += signature
    } else {
      var block = Block(kind: .thinking)
      block.signature = Array(signature)
      waiting.append(block)
      advance(into: &out)
    }
  }

  mutating func call(
    _ number: Int, id: [UInt8]?, name: ArraySlice<UInt8>?, arguments: ArraySlice<UInt8>, into out: inout [UInt8]
  ) {
    let kind = Kind.tool(number)
    if open?.kind == kind {
      guard !arguments.isEmpty else { return }
      open?.balance.read(JSONText.decoded(arguments))
      write(arguments, of: kind, into: &out)
    } else if let place = waiting.firstIndex(where: { $0.kind == kind }) {
      waiting[place].id = waiting[place].id ?? id
      if waiting[place].name == nil, let name, !name.isEmpty { waiting[place].name = Array(name) }
      if !arguments.isEmpty { keep(arguments, at: place) }
    } else if let name, !name.isEmpty || arguments.isEmpty {
      waiting.append(Block(kind: kind, id: id, name: name.isEmpty ? nil : Array(name)))
      if !arguments.isEmpty { keep(arguments, at: waiting.count - 1) }
    }
    advance(into: &out)
  }

  private mutating func keep(_ piece: ArraySlice<UInt8>, at place: Int) {
    waiting[place].pieces.append(Array(piece)[...])
    waitingBytes += piece.count
  }

  // MARK: what goes

  /// Opens what waits, for as long as what is open may close.
  private mutating func advance(into out: inout [UInt8]) {
    while let block = waiting.first, block.mayOpen, open?.mustStayOpen != true {
      waiting.removeFirst()
      begin(block, into: &out)
    }
  }

  private mutating func begin(_ block: Block, into out: inout [UInt8]) {
    close(into: &out)
    open = block
    open?.pieces = []
    let index = next
    MessageEvents.write("content_block_start", into: &out) {
      $0.write(#","index":"#)
      $0.write(index)
      $0.write(#","content_block":"#)
      Self.writeStart(of: block, into: &$0)
    }
    for piece in block.pieces {
      waitingBytes -= piece.count
      guard block.kind != .redacted else { continue }
      if case .tool = block.kind { open?.balance.read(JSONText.decoded(piece)) }
      write(piece, of: block.kind, into: &out)
    }
  }

  private static func writeStart(of block: Block, into out: inout [UInt8]) {
    switch block.kind {
    case .text: out.write(#"{"type":"text","text":""}"#)
    case .thinking: out.write(#"{"type":"thinking","thinking":"","signature":""}"#)
    case .redacted:
      out.write(#"{"type":"redacted_thinking","data":"#)
      out.write(inside: block.pieces.joined())
      out.write("}")
    case .tool(let number):
      MessageEvents.writeTool(block.id, number, (block.name ?? [])[...], input: Array("{}".utf8), into: &out)
    }
  }

  private func write(_ piece: ArraySlice<UInt8>, of kind: Kind, into out: inout [UInt8]) {
    switch kind {
    case .text: writeDelta(#"{"type":"text_delta","text":"#, piece, into: &out)
    case .thinking: writeDelta(#"{"type":"thinking_delta","thinking":"#, piece, into: &out)
    case .tool: writeDelta(#"{"type":"input_json_delta","partial_json":"#, piece, into: &out)
    case .redacted: break
    }
  }

  private func writeDelta(_ delta: StaticString, _ piece: some Sequence<UInt8>, into out: inout [UInt8]) {
    let index = next
    MessageEvents.write("content_block_delta", into: &out) {
      $0.write(#","index":"#)
      $0.write(index)
      $0.write(#","delta":"#)
      $0.write(delta)
      $0.write(inside: piece)
      $0.write("}")
    }
  }

  private mutating func close(into out: inout [UInt8]) {
    guard let block = open else { return }
    if !block.signature.isEmpty {
      writeDelta(#"{"type":"signature_delta","signature":"#, block.signature, into: &out)
    }
    let index = next
    MessageEvents.write("content_block_stop", into: &out) {
      $0.write(#","index":"#)
      $0.write(index)
    }
    open = nil
    next += 1
  }

  /// Nothing more comes.
  mutating func finish(into out: inout [UInt8]) {
    for block in waiting where block.mayOpen { begin(block, into: &out) }
    waiting = []
    close(into: &out)
  }
}
