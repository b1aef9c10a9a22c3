/// The list of models, with prices where the vendor lists them.
struct ModelsAnswer {
  let behavior: GatewayBehavior

  var document: String { behavior.row?.words == .anthropic ? anthropic : usual }

  private var anthropic: String {
    let models = behavior.models.map {
      #"{"type":"model","id":\#(quoted($0)),"display_name":\#(quoted($0)),"created_at":"2026-04-16T00:00:00Z"}"#
    }
    let ends = [behavior.models.first, behavior.models.last].map { $0.map(quoted) ?? "null" }
    return
      #"{"data":[\#(models.joined(separator: ","))],"has_more":false,"first_id":\#(ends[0]),"last_id":\#(ends[1])}"#
  }

  private var usual: String {
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

  private func quoted(_ text: String) -> String { JSONText.literal(text) }
}
