/// The properties of a model behind Anthropic's messages that decide how a chat request is said to it.

package struct MessagesPolicy: Sendable, Equatable {
  package enum Sampling: Sendable, Equatable {
    case takes
    /// Left out: the model refuses it, and OpenRouter leaves it out as well.
    case drops
    /// A request that asks for it stays away.
    case refuses
  }

  /// How thinking is asked for.
  package enum Thinking: Sendable, Equatable {
    case never
    /// So many tokens of it.
    case budgeted
    /// As much as the model sees fit.
    /// - Parameter takesBudget: a number of tokens as well.
    case adaptive(takesBudget: Bool)
  }

  /// How much is made of an answer, least first.
  package enum Effort: String, Sendable, CaseIterable, Comparable {
    case low, medium, high, xhigh, max

    package static func < (a: Effort, b: Effort) -> Bool { a.rank < b.rank }
    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  /// The candidate's own id.
  package var model: String
  /// Tokens of an answer, for a request that names no limit, and the most that one may name.
  package var maxTokens: Int
  package var sampling: Sampling
  /// `temperature` and `top_p` at once.
  package var takesBothSamplings: Bool
  /// An answer may go on from the assistant's own words.
  package var takesPrefill: Bool
  package var thinking: Thinking
  /// The values of `output_config.effort` that it takes.
  package var efforts: [Effort]
  /// `output_config.format` and strict tools.
  package var takesSchemas: Bool

  package init(
    model: String, maxTokens: Int, sampling: Sampling = .takes, takesBothSamplings: Bool = true,
    takesPrefill: Bool = true, thinking: Thinking = .budgeted, efforts: [Effort] = [], takesSchemas: Bool = false
  ) {
    self.model = model
    self.maxTokens = maxTokens
    self.sampling = sampling
    self.takesBothSamplings = takesBothSamplings
    self.takesPrefill = takesPrefill
    self.thinking = thinking
    self.efforts = efforts
    self.takesSchemas = takesSchemas
  }

  /// - Parameter model: whose name tells what it takes; one that is not known is taken for a plain one.
  package init(model: String) {
    guard let claude = ClaudeModel(model) else {
      self.init(model: model, maxTokens: 8192)
      return
    }
    self.init(
      model: model, maxTokens: claude.maxTokens, sampling: claude.isAtLeast(4, 7) ? .drops : .takes,
      takesBothSamplings: !claude.isAtLeast(4, 1), takesPrefill: !claude.isAtLeast(4, 6), thinking: claude.thinking,
      efforts: claude.efforts, takesSchemas: claude.isAtLeast(4, 5) || claude.isAtLeast(4, 1) && claude.family == "opus"
    )
  }

  /// The nearest that it takes, below where there is one; nil where it takes none.
  func effort(nearest wanted: Effort) -> Effort? {
    efforts.filter { $0 <= wanted }.max() ?? efforts.min()
  }
}
