/// Writes what each of a chat's documents begins and ends with.

import Dialects

struct ChatHead {
  private let id: JSONSlice?
  private let model: JSONSlice?
  private let created: Int

  init(_ message: JSONSlice?, _ asked: TranslatedAnswer.Asked) {
    id = message?["id"]
    model = message?["model"]
    created = asked.created
  }

  /// The object as far as its model.
  func write(_ kind: StaticString, into out: inout [UInt8]) {
    out.write(#"{"id":"#)
    if let id, id.kind == .string { out.write(id) } else { out.write(#""""#) }
    out.write(#","object":""#)
    out.write(kind)
    out.write(#"","created":"#)
    out.write(created)
    out.write(#","model":"#)
    if let model, model.kind == .string { out.write(model) } else { out.write(#""""#) }
  }

  /// - Parameter finish: the arm's own word for it; nil where it has not come to an end.
  static func write(finish: JSONSlice?, into out: inout [UInt8]) {
    guard let finish else { return out.write(#","finish_reason":null"#) }
    out.write(#","finish_reason":""#)
    out.write(AnswerEnding.chat(finish))
    out.write(#"","native_finish_reason":"#)
    out.write(finish)
  }
}

/// One block of thinking as OpenRouter shows it.
struct ReasoningDetail {
  let json: [UInt8]

  /// - Parameter block: a whole one.
  init(_ block: JSONSlice, index: Int) {
    if let data = block["data"]?.inside {
      self.init(data: data, index: index)
    } else {
      self.init(text: block["thinking"]?.inside ?? [], signature: block["signature"]?.inside ?? [], index: index)
    }
  }

  init(data: ArraySlice<UInt8>, index: Int) {
    var out: [UInt8] = []
    out.write(#"{"type":"reasoning.encrypted","data":"#)
    out.write(inside: data)
    self.init(out, index)
  }

  /// - Parameters:
  ///   - text: empty beside a stream's signature.
  ///   - signature: empty where it has not come.
  init(text: ArraySlice<UInt8>, signature: ArraySlice<UInt8>, index: Int) {
    var out: [UInt8] = []
    out.write(#"{"type":"reasoning.text""#)
    if !text.isEmpty || signature.isEmpty {
      out.write(#","text":"#)
      out.write(inside: text)
    }
    if !signature.isEmpty {
      out.write(#","signature":"#)
      out.write(inside: signature)
    }
    self.init(out, index)
  }

  private init(_ open: [UInt8], _ index: Int) {
    var out = open
    out.write(#","format":"anthropic-claude-v1","index":"#)
    out.write(index)
    out.write("}")
    json = out
  }
}

/// A whole tool call as a chat has it.
struct ChatCall {
  let json: [UInt8]

  init?(_ block: JSONSlice) {
    guard let id = block["id"]?.inside, let name = block["name"]?.inside else { return nil }
    self.init(id: id, name: name, arguments: said(block["input"]).map { Array($0.raw) } ?? Array("{}".utf8))
  }

  /// - Parameters:
  ///   - id: between the quotes, as it is escaped.
  ///   - name: likewise.
  ///   - arguments: JSON.
  init(id: some Collection<UInt8>, name: some Collection<UInt8>, arguments: [UInt8]) {
    var out: [UInt8] = []
    out.write(#"{"id":"#)
    out.write(inside: id)
    out.write(#","type":"function","function":{"name":"#)
    out.write(inside: name)
    out.write(#","arguments":"#)
    out.write(inside: JSONText.escaped(arguments))
    out.write("}}")
    json = out
  }
}
