/// One block of an Anthropic message on its way into a request.

import Dialects

struct MessageBlock {
  enum Kind { case text, image, toolUse, toolResult, thinking }

  let kind: Kind
  /// The object as far as it goes, its last brace missing.
  var open: [UInt8]
  /// The `cache_control` that stood on what it was made of.
  var mark: JSONSlice?
  /// A text's end: space there is refused at the end of a conversation.
  var endsInSpace = false

  init(_ kind: Kind, _ open: [UInt8], mark: JSONSlice? = nil) {
    self.kind = kind
    self.open = open
    if let mark, mark.kind == .object { self.mark = mark }
  }

  /// - Parameter inside: of the text's string.
  static func text(_ inside: ArraySlice<UInt8>, mark: JSONSlice? = nil) -> MessageBlock {
    var open: [UInt8] = []
    open.write(#"{"type":"text","text":"#)
    open.write(inside: inside)
    var block = MessageBlock(.text, open, mark: mark)
    block.endsInSpace = isBlank(inside.suffix(1)) || isBlank(inside.suffix(2))
    return block
  }
}

/// The prompt cache's marks: Anthropic takes four of them in a request, and the last reach farthest.
struct CacheMarks {
  static let limit = 4
  private var surplus: Int

  /// - Parameter count: of all marks in the request.
  init(count: Int) { surplus = max(0, count - Self.limit) }

  /// To be asked in the order in which the marks stand: tools, system, messages.
  mutating func write(_ mark: JSONSlice?, into out: inout [UInt8]) {
    guard let mark else { return }
    guard surplus == 0 else {
      surplus -= 1
      return
    }
    out.write(#","cache_control":"#)
    out.write(mark)
  }

  mutating func write(_ blocks: [MessageBlock], into out: inout [UInt8]) {
    out.write("[")
    for block in blocks {
      out.separate()
      out += block.open
      write(block.mark, into: &out)
      out.write("}")
    }
    out.write("]")
  }
}
