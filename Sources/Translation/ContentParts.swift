/// Says a chat message's content in Anthropic's blocks.

import Dialects

enum ContentParts {
  /// What has nothing but space in it says nothing, and Anthropic refuses it.
  static func blocks(_ content: JSONSlice?) throws(Untranslatable) -> [MessageBlock] {
    guard let content = said(content) else { return [] }
    if let inside = content.inside { return isBlank(inside) ? [] : [.text(inside)] }
    guard content.kind == .array else { throw .unreadable }
    var blocks: [MessageBlock] = []
    for part in content.elements {
      if let block = try block(part) { blocks.append(block) }
    }
    return blocks
  }

  /// The same of content that has no pictures.
  static func textBlocks(_ content: JSONSlice?) throws(Untranslatable) -> [MessageBlock] {
    let blocks = try blocks(content)
    guard blocks.allSatisfy({ $0.kind == .text }) else { throw .contentPart }
    return blocks
  }

  private static func block(_ part: JSONSlice) throws(Untranslatable) -> MessageBlock? {
    guard let type = part["type"] else { throw .unreadable }
    if type.reads("text") || type.reads("input_text") || type.reads("refusal") {
      guard let text = (type.reads("refusal") ? part["refusal"] : part["text"])?.inside else { throw .unreadable }
      return isBlank(text) ? nil : .text(text, mark: part["cache_control"])
    }
    guard type.reads("image_url") else { throw .contentPart }
    let image = part["image_url"]
    guard let url = image?.textBytes ?? image?["url"]?.textBytes else { throw .contentPart }
    return MessageBlock(.image, try picture(url), mark: part["cache_control"])
  }

  private static let types = ["image/jpeg", "image/png", "image/gif", "image/webp"]

  private static func picture(_ url: [UInt8]) throws(Untranslatable) -> [UInt8] {
    var open: [UInt8] = []
    open.write(#"{"type":"image","source":{"type":"#)
    if url.starts(with: "https://".utf8) {
      open.write(#""url","url":"#)
      open.write(inside: JSONText.escaped(url))
    } else {
      let (type, data) = try dataURL(url)
      open.write(#""base64","media_type":"#)
      open.write(quoted: type)
      open.write(#","data":"#)
      open.write(inside: data)
    }
    open.write("}")
    return open
  }

  /// `data:TYPE;base64,DATA`
  private static func dataURL(_ url: [UInt8]) throws(Untranslatable) -> (type: String, data: ArraySlice<UInt8>) {
    guard url.starts(with: "data:".utf8), let comma = url.firstIndex(of: UInt8(ascii: ",")), comma < 128 else {
      throw .contentPart
    }
    let words = String(decoding: url[5..<comma], as: UTF8.self).lowercased().split(separator: ";")
    guard let type = words.first.map({ $0 == "image/jpg" ? "image/jpeg" : String($0) }), types.contains(type),
      words.last == "base64"
    else { throw .contentPart }
    let data = url[(comma + 1)...]
    // Anything else would have to be escaped, and is no base64.
    guard !data.isEmpty, data.allSatisfy({ ToolID.isPlain($0) || "+/=".utf8.contains($0) }) else { throw .contentPart }
    return (type, data)
  }

  /// A tool message; a mark on one of its parts stands on the whole, since parts of a result cannot be cached alone.
  static func result(of id: [UInt8], _ message: JSONSlice, _ mark: JSONSlice?) throws(Untranslatable) -> MessageBlock {
    let parts = try blocks(message["content"])
    var open: [UInt8] = []
    open.write(#"{"type":"tool_result","tool_use_id":"#)
    open.write(inside: id)
    if let whole = message["content"]?.inside, !parts.isEmpty {
      open.write(#","content":"#)
      open.write(inside: whole)
    } else if !parts.isEmpty {
      open.write(#","content":"#)
      open.write(list: parts.map { $0.open + [UInt8(ascii: "}")] })
    }
    return MessageBlock(.toolResult, open, mark: mark ?? parts.last { $0.mark != nil }?.mark)
  }
}
