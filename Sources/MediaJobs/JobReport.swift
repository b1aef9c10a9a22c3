/// What a vendor's document says of a job: read from the answer to its creation, to a poll, or to the question for its result.

import Dialects

package struct JobReport: Sendable, Equatable {
  /// No vendor's word for one of these means another one elsewhere, so that all of them are known everywhere. A word that
  /// nobody knows is a job under way: only time ends it.
  package enum State: Sendable, Equatable {
    case running, succeeded, failed, cancelled
    /// The document says nothing of it.
    case unsaid
  }

  package var state = State.unsaid
  package var id: String?
  /// Where what it has made can be fetched, in order.
  package var outputs: [String] = []
  /// What it says went wrong; nil where it says nothing.
  package var error: String?
  /// The job's own addresses, as paths.
  package var pollPath: String?
  package var resultPath: String?
  package var cancelPath: String?
  /// Seconds that the vendor's machines took, and bill.
  package var seconds: Double?
  package var credits: Double?
  package var dollars: Double?
  /// The document says that there is no such thing, under a status of success.
  package var isRefused = false
  /// The status that a refusal under a status of success means.
  package var refusedStatus = 400

  private static let states: [String: State] = [
    "succeeded": .succeeded, "success": .succeeded, "completed": .succeeded, "complete": .succeeded,
    "finished": .succeeded, "done": .succeeded, "failed": .failed, "fail": .failed, "failure": .failed,
    "error": .failed, "timeout": .failed, "expired": .failed, "deleted": .failed, "rejected": .failed,
    "canceled": .cancelled, "cancelled": .cancelled, "aborted": .cancelled,
  ]

  /// Of a job that nothing has been heard of.
  package init() {}

  /// - Returns: nil where the bytes are no JSON object.
  package init?(_ bytes: [UInt8], _ form: JobForm) {
    // GrsAi writes its one document as an event.
    let text = bytes.starts(with: "data:".utf8) ? Array(bytes.dropFirst(5)) : bytes
    guard let document = JSONSlice(text), document.kind == .object else { return nil }
    if let code = form.code, let value = code.path.first(in: document)?.integer {
      isRefused = value != code.success
      if isRefused { refusedStatus = JobRefusal.status(200, code: value, text) }
    }
    id = form.id.lazy.compactMap { Self.word($0.first(in: document)) }.first
    if let word = form.status.first(in: document)?.text {
      state = Self.states[word.lowercased()] ?? (word.isEmpty ? .unsaid : .running)
    }
    outputs = form.outputs.lazy.map { path in Self.addresses(path.values(in: document)) }.first { !$0.isEmpty } ?? []
    error = form.error.lazy.compactMap { Self.words($0.first(in: document)) }.first
    pollPath = Self.path(form.poll, document)
    resultPath = form.result.flatMap { Self.path($0, document) }
    cancelPath = form.cancel.flatMap { Self.path($0, document) }
    seconds = PlausibleCost.of(form.bill.seconds?.first(in: document)?.double)
    credits = PlausibleCost.of(form.bill.credits?.first(in: document)?.double)
    dollars = PlausibleCost.of(form.bill.dollars?.first(in: document)?.double)
    if state == .unsaid, !outputs.isEmpty, error == nil { state = .succeeded }
    // fal says of what has failed that it is completed.
    if state == .succeeded, outputs.isEmpty, error != nil { state = .failed }
  }

  /// An id that can be a path's segment.
  private static func word(_ value: JSONSlice?) -> String? {
    guard let value else { return nil }
    let text = value.text ?? value.integer.map(String.init)
    guard let text, !text.isEmpty, text.utf8.count <= 256, text.utf8.allSatisfy(isPlain), text != ".", text != ".."
    else {
      return nil
    }
    return text
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: ":"), UInt8(ascii: "~"):
      true
    default: false
    }
  }

  /// A URL, or a list of them.
  private static func addresses(_ values: [JSONSlice]) -> [String] {
    values.flatMap { value -> [String] in
      if let text = value.text { return text.isEmpty ? [] : [text] }
      return value.elements.compactMap { $0.text ?? $0["url"]?.text }
    }
  }

  /// A text, or the first of a list of complaints.
  private static func words(_ value: JSONSlice?) -> String? {
    guard let value else { return nil }
    let first = value.elements.first
    let text = value.text ?? value["message"]?.text ?? first?["msg"]?.text ?? first?.text
    guard var text, !text.isEmpty, text.lowercased() != "success" else { return nil }
    if let place = first?["loc"]?.elements.last?.text { text = "\(place): \(text)" }
    return text
  }

  /// The path of an address that a document gives, whatever host that names.
  private static func path(_ request: JobRequest, _ document: JSONSlice) -> String? {
    guard let text = request.link?.first(in: document)?.text, let url = MediaURL(text) else { return nil }
    return url.path
  }
}
