/// An answer before framing: status, the vendor's headers, and either one document or the events of a stream.
struct Answer: Sendable, Equatable {
  struct Header: Sendable, Equatable {
    var name: String
    var value: String
  }

  struct StreamEvent: Sendable, Equatable {
    /// The event as on the wire, with its blank line.
    var text: String
    /// Content events are paced; the others follow at once.
    var isContent = false
  }

  enum Body: Sendable, Equatable {
    case document(String)
    case bytes([UInt8])
    /// `preamble`: comments that go out with the head, before the first token is there.
    case stream(preamble: [String], events: [StreamEvent])
  }

  var status = 200
  var headers: [Header]
  var body: Body

  var isStream: Bool {
    if case .stream = body { true } else { false }
  }
}
