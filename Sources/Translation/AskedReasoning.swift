/// Reads how much a chat request wants its model to think, under any of the names it goes by, and says it to Anthropic.

import Dialects

struct AskedReasoning {
  private enum Wish: Equatable {
    case nothing
    case none
    /// As the model sees fit.
    case some
    case effort(String)
    case tokens(Int)
  }

  private var wish = Wish.nothing
  /// The application does not want to see it.
  private(set) var isHidden = false
  /// How much is made of the answer as a whole.
  private var verbosity: String?

  /// The value of `thinking`; nil: it does not think.
  private(set) var thinking: [UInt8]?
  private(set) var effort: MessagesPolicy.Effort?
  var isOn: Bool { thinking != nil }
  /// Each turn of the assistant's has to begin with its thinking.
  private(set) var isBudgeted = false

  init(_ request: JSONSlice, _ policy: MessagesPolicy, maxTokens: Int) throws(Untranslatable) {
    read(request)
    let wanted = Self.effort(named: verbosity)
    switch wish {
    case .nothing, .none: effort = wanted.flatMap(policy.effort)
    case .some: try think(policy, wanted, tokens: nil, maxTokens)
    case .effort(let name):
      guard let named = Self.effort(named: name) else { throw .samplingRefused }
      try think(policy, named, tokens: nil, maxTokens)
    case .tokens(let tokens): try think(policy, wanted, tokens: tokens, maxTokens)
    }
  }

  private mutating func read(_ request: JSONSlice) {
    verbosity = request["verbosity"]?.text
    let reasoning = said(request["reasoning"])
    isHidden = reasoning?["exclude"]?.isTrue == true || request["include_reasoning"]?.isFalse == true
    if let thinking = said(request["thinking"]), let type = thinking["type"] {
      wish = type.reads("disabled") ? .none : thinking["budget_tokens"]?.integer.map(Wish.tokens) ?? .some
    }
    if let name = request["reasoning_effort"]?.text { wish = name == "none" ? .none : .effort(name) }
    guard let reasoning else { return }
    if let name = reasoning["effort"]?.text {
      wish = name == "none" ? .none : .effort(name)
    } else if let tokens = reasoning["max_tokens"]?.integer {
      wish = tokens > 0 ? .tokens(tokens) : .none
    } else if let enabled = reasoning["enabled"] {
      wish = enabled.isTrue ? .some : .none
    }
  }

  private static func effort(named name: String?) -> MessagesPolicy.Effort? {
    name == "minimal" ? .low : name.flatMap(MessagesPolicy.Effort.init)
  }

  private mutating func think(
    _ policy: MessagesPolicy, _ wanted: MessagesPolicy.Effort?, tokens: Int?, _ maxTokens: Int
  ) throws(Untranslatable) {
    switch policy.thinking {
    // OpenRouter passes over it as well.
    case .never: return
    case .adaptive(let takesBudget) where tokens == nil || !takesBudget:
      thinking = Array((isHidden ? #"{"type":"adaptive"}"# : #"{"type":"adaptive","display":"summarized"}"#).utf8)
      effort = wanted.flatMap(policy.effort)
    case .adaptive, .budgeted:
      // A model that knows efforts is told one for the answer as well.
      effort = wanted.flatMap(policy.effort)
      let budget = max(1024, tokens ?? Self.budget(wanted ?? .medium, of: maxTokens))
      // The answer has to have room behind it.
      guard budget < maxTokens else { throw .samplingRefused }
      isBudgeted = true
      var value: [UInt8] = []
      value.write(#"{"type":"enabled","budget_tokens":"#)
      value.write(budget)
      value.write("}")
      thinking = value
    }
  }

  /// As OpenRouter shares an answer's tokens out.
  private static func budget(_ effort: MessagesPolicy.Effort, of maxTokens: Int) -> Int {
    let percent =
      switch effort {
      case .low: 20
      case .medium: 50
      case .high: 80
      case .xhigh, .max: 95
      }
    return min(32_000, maxTokens * percent / 100)
  }
}
