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

  private func quoted(_ text: String) -> String { JSONText.literal(text) }
}
