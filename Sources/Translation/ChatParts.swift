/// A chat message's content: one text where that will do, since not every gateway takes parts; else parts.

import Dialects

struct ChatParts {
  private let keepsMarks: Bool
  /// Escaped, between texts that become one.
  private let joint: String
  private var texts: [ArraySlice<UInt8>] = []
  private var parts: [[UInt8]] = []
  private var needsParts = false

  init(keepsMarks: Bool, joint: String = "") {
    self.keepsMarks = keepsMarks
    self.joint = joint
  }

  /// Nil where nothing was said.
  var content: [UInt8]? {
    guard !parts.isEmpty else { return nil }
    var out: [UInt8] = []
    if needsParts {
      out.write(list: parts)
    } else {
      out.write(inside: texts.joined(separator: joint.utf8))
    }
    return out
  }

  mutating func add(_ text: ArraySlice<UInt8>, mark: JSONSlice?) {
    var part: [UInt8] = []
    part.write(#"{"type":"text","text":"#)
    part.write(inside: text)
    close(&part, mark)
    texts.append(text)
  }

  /// A block of text or a picture.
  mutating func read(_ block: JSONSlice) throws(Untranslatable) {
    guard let type = block["type"] else { throw .unreadable }
    if type.reads("text"), let text = block["text"]?.inside { return add(text, mark: block["cache_control"]) }
    guard type.reads("image"), let source = block["source"] else { throw .contentPart }
    if said(source["file_id"]) != nil { throw .storedState }
    var part: [UInt8] = []
    part.write(#"{"type":"image_url","image_url":{"url":"#)
    if let url = source["url"] {
      part.write(url)
    } else if let type = source["media_type"]?.inside, let data = source["data"]?.inside {
      part.write(inside: Array("data:".utf8) + type + Array(";base64,".utf8) + data)
    } else {
      throw .contentPart
    }
    part.write("}")
    close(&part, block["cache_control"])
    needsParts = true
  }

  private mutating func close(_ part: inout [UInt8], _ mark: JSONSlice?) {
    if keepsMarks, let mark = said(mark) {
      part.write(#","cache_control":"#)
      part.write(mark)
      needsParts = true
    }
    part.write("}")
    parts.append(part)
  }
}
