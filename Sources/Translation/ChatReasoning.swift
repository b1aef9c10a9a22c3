/// Reads the reasoning of a chat's message or delta, under whichever of its names: once, where it stands under several.

import Dialects

struct ChatReasoning {
  enum Piece {
    case text(ArraySlice<UInt8>)
    case signature(ArraySlice<UInt8>)
    case redacted(ArraySlice<UInt8>)
  }

  private(set) var pieces: [Piece] = []

  init(_ message: JSONSlice?) {
    guard let message else { return }
    for detail in message["reasoning_details"]?.elements ?? [] {
      if let text = detail["text"]?.inside ?? detail["summary"]?.inside, !text.isEmpty { pieces.append(.text(text)) }
      if let signature = detail["signature"]?.inside, !signature.isEmpty { pieces.append(.signature(signature)) }
      if let data = detail["data"]?.inside, !data.isEmpty { pieces.append(.redacted(data)) }
    }
    guard pieces.isEmpty else { return }
    for name: StaticString in ["reasoning", "reasoning_content"] {
      if pieces.isEmpty, let text = message[name]?.inside, !text.isEmpty { pieces = [.text(text)] }
    }
  }

  /// Anthropic's blocks, each text with the signature behind it.
  var blocks: [[UInt8]] {
    var blocks: [[UInt8]] = []
    var text: [UInt8]?
    func thinking(_ text: [UInt8], _ signature: ArraySlice<UInt8>) -> [UInt8] {
      var out: [UInt8] = []
      out.write(#"{"type":"thinking","thinking":"#)
      out.write(inside: text)
      out.write(#","signature":"#)
      out.write(inside: signature)
      out.write("}")
      return out
    }
    for piece in pieces {
      switch piece {
      case .text(let piece): text = (text ?? []) + piece
      case .signature(let signature):
        blocks.append(thinking(text ?? [], signature))
        text = nil
      case .redacted(let data):
        if let open = text { blocks.append(thinking(open, [])) }
        text = nil
        var out: [UInt8] = []
        out.write(#"{"type":"redacted_thinking","data":"#)
        out.write(inside: data)
        out.write("}")
        blocks.append(out)
      }
    }
    if let text { blocks.append(thinking(text, [])) }
    return blocks
  }
}
