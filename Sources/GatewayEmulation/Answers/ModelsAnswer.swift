/// The list of models, with prices where the vendor lists them.
struct ModelsAnswer {
  let behavior: GatewayBehavior

  var document: String {
    let models = behavior.models.map { model in
      switch behavior.vendor {
      case .openrouter:
        #"{"id":\#(quoted(model)),"name":\#(quoted(model)),"created":1795000000,"context_length":131072,"#
          + #""pricing":{"prompt":"\#(behavior.usdPerPromptToken)","completion":"\#(behavior.usdPerCompletionToken)"}}"#
      case .litellm, .openai:
        #"{"id":\#(quoted(model)),"object":"model","created":1795000000,"owned_by":"emulated"}"#
      }
    }
    let list = models.joined(separator: ",")
    return behavior.vendor == .openrouter ? #"{"data":[\#(list)]}"# : #"{"object":"list","data":[\#(list)]}"#
  }

  private func quoted(_ text: String) -> String { Self.literal(text) }

  /// Names come from the operator; RFC 8259's two characters and the controls are escaped.
  static func literal(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": literal += "\\\(scalar)"
      case "\0"..."\u{1F}": literal += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: literal.unicodeScalars.append(scalar)
      }
    }
    return literal + "\""
  }
}
