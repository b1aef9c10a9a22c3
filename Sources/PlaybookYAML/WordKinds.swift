/// The kinds of single values that are words: names, vendors, addresses, keys, globs.

import Vendors

extension ScalarKind {
  static let version = ScalarKind(
    noun: "the format version, 1", schema: .object([("const", 1)])
  ) {
    $0 == "1"
      ? nil : Refusal("this Crossfade reads version 1 of the format", say: "say crossfade: 1, or upgrade Crossfade")
  }

  /// Names stand in headers, metrics and the journal.
  static let name = ScalarKind(
    noun: "a name of letters, digits, '.', '_' and '-'",
    schema: .object([("type", .strings(["string", "integer"])), ("pattern", "^[A-Za-z0-9._-]{1,64}$|\\$\\{")])
  ) { text in
    if text.isEmpty { return Refusal("a name must not be empty") }
    if text.utf8.count > 64 { return Refusal("a name cannot be longer than 64 characters") }
    let isPlain = text.utf8.allSatisfy { isWordByte($0) || $0 == UInt8(ascii: ".") }
    return isPlain ? nil : Refusal("a name holds only letters, digits, '.', '_' and '-'")
  }

  static let vendor = ScalarKind(
    noun: "a vendor",
    schema: .object([
      (
        "anyOf",
        .array([
          .object([("enum", .strings(Vendor.all.filter(\.canBeArm).flatMap(\.names)))]),
          reference,
        ])
      )
    ])
  ) { text in
    if let vendor = Vendor.named(text) {
      return vendor.canBeArm
        ? nil : Refusal("this vendor answers no chat requests, so no such traffic can move to it")
    }
    let near = nearestWord(
      to: text.lowercased(), among: Vendor.all.filter(\.canBeArm).flatMap(\.names))
    return Refusal(
      "unknown vendor",
      say: near.map { "did you mean '\($0)'?" }
        ?? "say vendor: \(Vendor.generic) and give its url; crossfade vendors lists the known ones")
  }

  /// A base URL; never shown, for it may hold what should not be in it.
  static let url = ScalarKind(
    noun: "a base URL such as https://gateway.example.com/v1", isShown: false, schema: pattern("^https?://[^\\s?#@]+$")
  ) {
    switch readURL($0) {
    case .value: nil
    case .refused(let message, let say): Refusal(message, say: say)
    }
  }

  static let webhook = ScalarKind(
    noun: "a URL such as https://hooks.example.com/crossfade", isShown: false, schema: pattern("^https?://[^\\s#@]+$")
  ) { text in
    if text.utf8.contains(UInt8(ascii: "#")) { return Refusal("a webhook has no fragment (#…)") }
    switch readURL(String(text.prefix { $0 != "?" }), isBase: false) {
    case .value: return isHeaderText(text) ? nil : Refusal("a URL holds visible characters only")
    case .refused(let message, let say): return Refusal(message, say: say)
    }
  }

  /// May hold a password; never shown. Empty: none.
  static let proxy = ScalarKind(
    noun: "environment, or a proxy such as http://proxy.example:3128", isShown: false,
    schema: .object([("type", "string")])
  ) { text in
    guard text != "environment", case .refused(let message, let say) = readProxy(text) else { return nil }
    return Refusal(message, say: say)
  }

  /// A key or a header's value; never shown.
  static let secret = ScalarKind(
    noun: "a header's text", isShown: false,
    schema: .object([("type", .strings(["string", "integer"])), ("minLength", 1)])
  ) { text in
    if text.isEmpty { return Refusal("is empty", say: "set the variable, or remove the line") }
    if text.utf8.count > 8192 { return Refusal("cannot be longer than 8192 bytes") }
    return isHeaderText(text) && text.first != " " && text.last != " "
      ? nil
      : Refusal("holds a line break, a control character, or a space at an end", say: "check what the variable holds")
  }

  static let text = ScalarKind(
    noun: "a text", schema: .object([("type", .strings(["string", "number", "boolean"])), ("minLength", 1)])
  ) { text in
    if text.isEmpty { return Refusal("must not be empty") }
    return text.utf8.count > 1024 ? Refusal("cannot be longer than 1024 bytes") : nil
  }

  static let sticky = ScalarKind(
    noun: "conversation, header:NAME, body:FIELD or none",
    schema: pattern("^(conversation|none|header:[!#$%&'*+.^_`|~0-9A-Za-z-]+|body:.+)$")
  ) { text in
    if text == "conversation" || text == "none" { return nil }
    if text.hasPrefix("body:") {
      return text.utf8.count > 5 ? nil : Refusal("body: needs a field", say: "say body:user")
    }
    if text.hasPrefix("header:") {
      return isHeaderName(text.dropFirst(7)) ? nil : Refusal("not a header's name", say: "say header:x-user-id")
    }
    let near = nearestWord(to: text, among: ["conversation", "none", "header:", "body:"])
    return Refusal("must be conversation, header:NAME, body:FIELD or none", say: near.map { "did you mean '\($0)'?" })
  }
}

/// RFC 9110 5.6.2 `token`.
func isHeaderName(_ text: some StringProtocol) -> Bool {
  !text.isEmpty && text.utf8.count <= 128
    && text.utf8.allSatisfy { isWordByte($0) || "!#$%&'*+.^`|~".utf8.contains($0) }
}

/// Visible ASCII and spaces: what every gateway takes in a header.
func isHeaderText(_ text: String) -> Bool {
  text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }
}
