/// Says what a job has made in the application's own form: what stands before, between and behind the pictures, which are
/// written in base64 as they are read.

import Dialects

package struct MediaAnswer: Sendable {
  private let form: MediaRequest.Form
  /// The model that makes it, by the vendor's name, as other vendors' answers say it.
  private let model: String
  /// Of the answer; never the vendor's, which somebody could ask the vendor about.
  private let id: String
  /// Seconds since 1970.
  private let created: Int
  private var pictures = 0

  package init(_ form: MediaRequest.Form, model: String, id: String, created: Int) {
    self.form = form
    self.model = model
    self.id = id
    self.created = created
  }

  package var isEventStream: Bool { form == .chatStream || form == .imagesStream }

  /// A line that says nothing, while a stream waits.
  package static let comment = Array(": PROCESSING\n\n".utf8)

  package func start() -> [UInt8] {
    var out: [UInt8] = []
    switch form {
    case .chat:
      writeHead("chat.completion", into: &out)
      out.write(#","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"","images":["#)
    case .chatStream:
      out.write("data: ")
      writeHead("chat.completion.chunk", into: &out)
      out.write(#","choices":[{"index":0,"delta":{"role":"assistant","content":"","images":["#)
    case .images:
      out.write(#"{"created":"#)
      out.write(created)
      out.write(#","data":["#)
    case .imagesStream, .video: break
    }
    return out
  }

  /// What comes before a picture's base64.
  /// - Parameter type: `image/png` and the like.
  package mutating func open(type: String) -> [UInt8] {
    var out: [UInt8] = []
    defer { pictures += 1 }
    if pictures > 0, form != .imagesStream { out.write(",") }
    switch form {
    case .chat, .chatStream:
      out.write(#"{"type":"image_url","image_url":{"url":"data:"#)
      out.append(contentsOf: type.utf8)
      out.write(";base64,")
    case .images, .imagesStream:
      out.write(
        form == .imagesStream ? #"data: {"type":"image_generation.completed","media_type":""# : #"{"media_type":""#)
      out.append(contentsOf: type.utf8)
      out.write(#"","b64_json":""#)
    case .video: break
    }
    return out
  }

  /// What comes behind it.
  package func close() -> [UInt8] {
    switch form {
    case .chat, .chatStream: Array(#""}}"#.utf8)
    case .images: Array(#""}"#.utf8)
    case .imagesStream: Array("\"}\n\n".utf8)
    case .video: []
    }
  }

  /// A picture that the application wants the address of.
  package mutating func link(to url: String) -> [UInt8] {
    var out: [UInt8] = []
    if pictures > 0 { out.write(",") }
    pictures += 1
    out.write(#"{"url":"#)
    out.write(quoted: url)
    out.write("}")
    return out
  }

  /// - Parameter cost: USD; nil where it is not known.
  package func end(cost: Double?) -> [UInt8] {
    var out: [UInt8] = []
    switch form {
    case .chat:
      out.write("]}}]")
      writeUsage(cost, into: &out)
      out.write("}")
    case .chatStream:
      out.write("]},\"finish_reason\":null}]}\n\ndata: ")
      writeHead("chat.completion.chunk", into: &out)
      out.write(#","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#)
      out.write("\n\ndata: ")
      writeHead("chat.completion.chunk", into: &out)
      out.write(#","choices":[]"#)
      writeUsage(cost, into: &out)
      out.write("}\n\ndata: [DONE]\n\n")
    case .images:
      out.write("]")
      writeUsage(cost, into: &out)
      out.write("}")
    case .imagesStream: out.write("data: [DONE]\n\n")
    case .video: break
    }
    return out
  }

  private func writeHead(_ object: StaticString, into out: inout [UInt8]) {
    out.write(#"{"id":"#)
    out.write(quoted: id)
    out.write(#","object":""#)
    out.write(object)
    out.write(#"","created":"#)
    out.write(created)
    out.write(#","model":"#)
    out.write(quoted: model)
  }

  /// A vendor of pictures counts no tokens, and SDKs want to read some.
  private func writeUsage(_ cost: Double?, into out: inout [UInt8]) {
    out.write(#","usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0"#)
    if let cost, cost.isFinite {
      out.write(#","cost":"#)
      out.append(contentsOf: String(cost).utf8)
    }
    out.write("}")
  }

  /// A video that is being made, by the name that it is asked after by.
  package static func promise(of id: String, at address: String) -> [UInt8] {
    var out: [UInt8] = []
    out.write(#"{"id":"#)
    out.write(quoted: id)
    out.write(#","polling_url":"#)
    out.write(quoted: address)
    out.write(#","status":"pending"}"#)
    return out
  }

  /// The state of a video in OpenRouter's words.
  package static func state(of id: String, _ report: JobReport) -> [UInt8] {
    var out: [UInt8] = []
    out.write(#"{"id":"#)
    out.write(quoted: id)
    out.write(#","status":"#)
    switch report.state {
    case .running, .unsaid: out.write(#""in_progress""#)
    case .succeeded: out.write(#""completed""#)
    case .failed: out.write(#""failed""#)
    case .cancelled: out.write(#""cancelled""#)
    }
    if report.state == .succeeded {
      out.write(#","unsigned_urls":["#)
      for url in report.outputs {
        out.separate()
        out.write(quoted: url)
      }
      out.write("]")
    }
    if let dollars = report.dollars, dollars.isFinite {
      out.write(#","usage":{"cost":"#)
      out.append(contentsOf: String(dollars).utf8)
      out.write("}")
    }
    if report.state == .failed, let error = report.error {
      out.write(#","error":"#)
      out.write(quoted: error)
    }
    out.write("}")
    return out
  }

  /// An error in OpenRouter's form, whichever the vendor's was: as a body, or as a stream's last event.
  package static func error(status: Int, _ message: String, code: String? = nil) -> [UInt8] {
    var out: [UInt8] = []
    out.write(#"{"error":{"code":"#)
    if let code { out.write(quoted: code) } else { out.write(status) }
    out.write(#","message":"#)
    out.write(quoted: message)
    out.write("}}")
    return out
  }
}
