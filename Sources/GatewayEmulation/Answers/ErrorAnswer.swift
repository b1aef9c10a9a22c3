/// Errors in the vendor's own form, per dialect.
struct ErrorAnswer {
  let vendor: VendorShape
  let endpoint: Endpoint?
  let status: Int
  var message: String?
  /// Anthropic's own form is all that the vendor has, but for its chats.
  var isAnthropic = false

  var document: String {
    let text =
      message ?? (isAnthropic && status == 401 ? "invalid x-api-key" : nil) ?? Self.messages[status]
      ?? "The request failed"
    if endpoint == .messages || (isAnthropic && endpoint != .chatCompletions) { return anthropic(text) }
    switch vendor {
    case .openrouter where endpoint == .responses:
      return #"{"error":{"code":"server_error","message":"\#(text)"},"error_type":"\#(openRouterType)"}"#
    case .openrouter:
      return #"{"error":{"code":\#(status),"message":"\#(text)","metadata":{"error_type":"\#(openRouterType)"}}}"#
    case .litellm:
      return #"{"error":{"message":"litellm: \#(text)","type":"\#(openAIType)","param":null,"code":"\#(status)"}}"#
    case .openai:
      return #"{"error":{"message":"\#(text)","type":"\#(openAIType)","param":null,"code":null}}"#
    }
  }

  private func anthropic(_ text: String) -> String {
    let canonical = vendor == .openrouter ? #","error_type":"\#(openRouterType)""# : ""
    return #"{"type":"error","error":{"type":"\#(anthropicType)","message":"\#(text)"\#(canonical)},"#
      + #""request_id":"req_emulated"}"#
  }

  private static let messages = [
    400: "Invalid request", 401: "No auth credentials found", 402: "Insufficient credits",
    403: "Forbidden", 404: "Not found", 408: "Request timed out", 413: "Request body too large",
    429: "Rate limit exceeded", 500: "Internal server error", 502: "Provider disconnected",
    503: "No available provider for the requested model", 504: "Upstream timed out", 529: "Provider overloaded",
  ]

  private var openRouterType: String {
    switch status {
    case 400: "invalid_request"
    case 401: "authentication"
    case 402: "payment_required"
    case 403: "permission_denied"
    case 404: "not_found"
    case 408, 504: "timeout"
    case 413: "payload_too_large"
    case 429: "rate_limit_exceeded"
    case 502: "provider_unavailable"
    case 503, 529: "provider_overloaded"
    default: "server"
    }
  }

  private var openAIType: String {
    switch status {
    case 401, 403: "authentication_error"
    case 402: "insufficient_quota"
    case 429: vendor == .litellm ? "throttling_error" : "rate_limit_error"
    case 400..<500: "invalid_request_error"
    default: vendor == .litellm ? "internal_server_error" : "server_error"
    }
  }

  private var anthropicType: String {
    switch status {
    case 401: "authentication_error"
    case 402: "billing_error"
    case 403: "permission_error"
    case 404: "not_found_error"
    case 408, 504: "timeout_error"
    case 429: "rate_limit_error"
    case 400..<500: "invalid_request_error"
    case 503, 529: "overloaded_error"
    default: "api_error"
    }
  }
}
