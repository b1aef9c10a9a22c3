/// Keeps what kind of error an arm reported, and nothing of its message, which could quote a prompt.

package struct AnswerError: Sendable, Equatable {
  package enum Kind: String, Sendable, Codable, CaseIterable {
    case authentication, payment, overloaded, timeout, server, other
    case contentPolicy = "content_policy"
    case contextLength = "context_length"
    case invalidRequest = "invalid_request"
    case notFound = "not_found"
    case permission
    case rateLimited = "rate_limited"
  }

  /// The arm's own code and type, each nil unless it is a short identifier.
  package let code: String?
  package let type: String?
  package let kind: Kind
  /// The fault that it finds with how it was asked, where it says so.
  package let complaint: AnswerComplaint?

  /// - Parameters:
  ///   - isContentPolicy: the error says so beside its code, as OpenRouter's moderation does in `metadata`.
  ///   - isSpent: its message says that quota, credit or balance is spent; many say so nowhere else.
  ///   - complaint: what its message complains of.
  package init(
    code: String?, type: String?, isContentPolicy: Bool = false, isSpent: Bool = false,
    complaint: AnswerComplaint? = nil
  ) {
    self.code = code.flatMap(Self.identifier)
    self.type = type.flatMap(Self.identifier)
    let kinds = [self.code, self.type].compactMap { $0.map(Self.kind) }
    // What says most goes first: OpenAI's policy violations are of type `invalid_request_error`.
    let named = kinds.min { Self.rank($0) < Self.rank($1) } ?? .other
    kind = isContentPolicy ? .contentPolicy : isSpent && Self.rank(named) > 0 ? .payment : named
    self.complaint =
      complaint ?? [self.code, self.type].lazy.compactMap { $0.flatMap(AnswerComplaint.init(identifier:)) }.first
  }

  /// Anything but letters, digits and `_ - . : /` could be prose, which is dropped.
  private static func identifier(_ text: String) -> String? {
    let isShort = !text.isEmpty && text.utf8.count <= 64
    let isIdentifier = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "-")...UInt8(ascii: ":"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    return isShort && isIdentifier ? text : nil
  }

  private static func rank(_ kind: Kind) -> Int {
    switch kind {
    case .contentPolicy, .contextLength, .payment: 0
    case .rateLimited, .overloaded, .timeout, .authentication, .permission, .notFound: 1
    case .invalidRequest, .server: 2
    case .other: 3
    }
  }

  /// The words that codes and types are made of, the most telling first: new ones ship without notice.
  private static let words: [(Kind, String)] = [
    (.contentPolicy, "content_policy content_filter moderation safety refusal guardrail sensitive"),
    (.contextLength, "context_length context_window contextwindow exceed_context max_tokens_exceeded token_limit"),
    (.contextLength, "string_too_long"),
    (.payment, "payment billing quota credit balance arrear overdue budget_exceeded exceededbudget spending"),
    (.rateLimited, "rate_limit ratelimit throttl resource_exhausted too_many_requests"),
    (.overloaded, "overloaded unavailable capacity no_providers"),
    (.timeout, "timeout timed_out deadline"),
    (.authentication, "authentication unauthorized unauthenticated invalid_api_key"),
    (.permission, "permission forbidden"),
    (.notFound, "not_found"),
    (.invalidRequest, "invalid bad_request unprocessable unsupported too_large precondition"),
    (.server, "server internal api_error unmapped upstream"),
  ]

  private static func kind(of identifier: String) -> Kind {
    if let status = Int(identifier) { return kind(ofStatus: status) }
    let text = identifier.lowercased()
    return words.first { $0.1.split(separator: " ").contains { text.contains($0) } }?.0 ?? .other
  }

  private static func kind(ofStatus status: Int) -> Kind {
    switch status {
    case 401: .authentication
    case 402: .payment
    case 403: .permission
    case 404: .notFound
    case 408, 504, 524: .timeout
    case 429: .rateLimited
    case 446: .contentPolicy
    case 400, 405..<500: .invalidRequest
    case 503, 529: .overloaded
    case 500..<600: .server
    default: .other
    }
  }
}
