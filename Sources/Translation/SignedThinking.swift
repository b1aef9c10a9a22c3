/// Finds Anthropic's signed thinking in an assistant's message, so that a turn of tools goes on from it.

import Dialects

/// Applications send back what they were given: OpenRouter's `reasoning_details`, whole or in the pieces of a stream, or
/// LiteLLM's `thinking_blocks`.
struct SignedThinking {
  private(set) var blocks: [MessageBlock] = []
  /// There was reasoning, and no signature to it.
  private(set) var isLost = false

  /// Text that waits for its signature.
  private var text: [UInt8] = []
  private var index: Int?

  init(of message: JSONSlice) {
    let details = message["reasoning_details"]?.elements ?? []
    let whole = message["thinking_blocks"]?.elements ?? []
    if !details.isEmpty {
      for detail in details { read(detail) }
      giveUpText()
    } else if !whole.isEmpty {
      for block in whole { readWhole(block) }
    } else {
      isLost = ["reasoning", "reasoning_content"].contains { (name: StaticString) in
        message[name]?.inside.map { !isBlank($0) } ?? false
      }
    }
  }

  private mutating func read(_ detail: JSONSlice) {
    guard let type = detail["type"] else { return }
    // A signature of somebody else's says nothing to Anthropic.
    let isOurs = said(detail["format"]).map { $0.reads("anthropic-claude-v1") || $0.reads("unknown") } ?? true
    if type.reads("reasoning.encrypted") {
      giveUpText()
      guard isOurs, let data = detail["data"]?.inside, !data.isEmpty else { return isLost = true }
      addRedacted(data)
    } else if type.reads("reasoning.text") {
      let at = detail["index"]?.integer
      if let at, let index, at != index { giveUpText() }
      index = at ?? index
      text += detail["text"]?.inside ?? []
      if isOurs, let signature = detail["signature"]?.inside, !signature.isEmpty { addSigned(text[...], signature) }
    } else if said(detail["summary"]) != nil {
      isLost = true
    }
  }

  private mutating func readWhole(_ block: JSONSlice) {
    if let data = block["data"]?.inside, block["type"]?.reads("redacted_thinking") == true {
      addRedacted(data)
    } else if let signature = block["signature"]?.inside, !signature.isEmpty {
      addSigned(block["thinking"]?.inside ?? [], signature)
    } else {
      isLost = true
    }
  }

  private mutating func giveUpText() {
    if !isBlank(text) { isLost = true }
    (text, index) = ([], nil)
  }

  private mutating func addSigned(_ thinking: ArraySlice<UInt8>, _ signature: ArraySlice<UInt8>) {
    var open: [UInt8] = []
    open.write(#"{"type":"thinking","thinking":"#)
    open.write(inside: thinking)
    open.write(#","signature":"#)
    open.write(inside: signature)
    blocks.append(MessageBlock(.thinking, open))
    (text, index) = ([], nil)
  }

  private mutating func addRedacted(_ data: ArraySlice<UInt8>) {
    var open: [UInt8] = []
    open.write(#"{"type":"redacted_thinking","data":"#)
    open.write(inside: data)
    blocks.append(MessageBlock(.thinking, open))
  }
}
