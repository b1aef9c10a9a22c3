/// Looks for what a vendor refuses in a chat.
import NIOCore

extension VendorRow {
  /// - Parameter body: JSON that has been accepted.
  /// - Returns: the first thing that the vendor has against it; nil where it answers.
  func complaint(about body: ByteBuffer, _ request: RequestFacts) -> Complaint? {
    for case .needsHeader(let name, let message) in rules where request.first(name) == nil {
      return Complaint(place: name, kind: .value(message))
    }
    let bytes = body.readableBytesUInt8Span
    guard let chat = JSONValue(bytes, 0..<bytes.count) else { return nil }
    for member in chat.members where refused.contains(member.name) || fields?.contains(member.name) == false {
      return Complaint(place: member.name, kind: .unknown)
    }
    if let messageMembers {
      for message in chat["messages"]?.elements ?? [] {
        for member in message.members where !messageMembers.contains(member.name) {
          return Complaint(place: "messages.\(member.name)", kind: .unknown)
        }
      }
    }
    return rules.lazy.compactMap { $0.complaint(about: chat) }.first
  }
}

extension VendorRow.Rule {
  fileprivate func complaint(about chat: JSONValue) -> Complaint? {
    switch self {
    case .needsHeader: return nil
    case .noCacheControl:
      return chat.text.contains(#""cache_control":"#) ? Complaint(place: "cache_control", kind: .unknown) : nil
    case .oneChoice:
      return (chat["n"]?.number ?? 1) > 1 ? Complaint(place: "n", kind: .value("'n' must be 1")) : nil
    case .toolChoices(let known):
      guard let choice = chat["tool_choice"], !known.contains(choice.string ?? "object") else { return nil }
      return Complaint(place: "tool_choice", kind: .value("tool_choice is not supported: \(choice.string ?? "object")"))
    case .without(let fields, let models):
      guard let model = chat["model"]?.string, models.contains(where: model.hasPrefix) else { return nil }
      guard let field = fields.first(where: { chat[$0] != nil }) else { return nil }
      return Complaint(place: field, kind: .value("`\(field)` is not supported for this model"))
    case .schemaAlone:
      guard chat["response_format"]?["type"]?.string == "json_schema" else { return nil }
      let isAlone = chat["tools"] == nil && chat["stream"]?.text != "true"
      return isAlone
        ? nil : Complaint(place: "response_format", kind: .value("json_schema goes with neither tools nor streaming"))
    case .textOnly:
      let isText = chat["modalities"]?.elements.allSatisfy { $0.string != "image" } ?? true
      return isText ? nil : Complaint(place: "modalities", kind: .value("this model has no image output"))
    }
  }
}

extension VendorRow {
  /// Whether the request carries the key in this vendor's way.
  func accepts(_ request: RequestFacts, key required: String) -> Bool {
    switch key {
    case .any: request.carries(key: required)
    case .scheme(let scheme): request.first("authorization") == "\(scheme) \(required)"
    case .header(let name): request.first(name) == required
    }
  }
}
