/// What one of Anthropic's models takes, read from its name: its documentation, and what its users were refused.
struct AnthropicModel: Sendable, Equatable {
  let name: String
  /// 4.7 of `claude-opus-4-7-20260416`; the newest where the name has none.
  private let major: Int
  private let minor: Int

  /// Nil for what is none of its models.
  init?(_ name: String) {
    guard name.hasPrefix("claude-") else { return nil }
    self.name = name
    let numbers = name.split(separator: "-").compactMap { Int($0) }.filter { $0 < 100 }
    major = numbers.first ?? 5
    minor = numbers.dropFirst().first ?? 0
  }

  private func isAtLeast(_ major: Int, _ minor: Int) -> Bool { (self.major, self.minor) >= (major, minor) }

  var takesSampling: Bool { !isAtLeast(4, 7) }
  /// One of the two, not both.
  var takesTemperatureOrTopP: Bool { isAtLeast(4, 1) }
  var takesPrefill: Bool { !isAtLeast(4, 6) }
  var takesBudget: Bool { isAtLeast(3, 7) && !isAtLeast(4, 7) }
  var isAdaptive: Bool { isAtLeast(4, 6) }
  /// GUESS: from which version on.
  var takesEffort: Bool { isAtLeast(4, 5) }
  var takesSchemas: Bool { isAtLeast(4, 1) }
  /// Unless a request asks for it, thinking comes without its text.
  var omitsThinking: Bool { isAtLeast(4, 7) }

  var mostOutput: Int {
    if isAtLeast(4, 6) { return 128_000 }
    if isAtLeast(4, 5) || (major == 4 && !name.contains("opus")) || (major, minor) == (3, 7) { return 64_000 }
    return major == 4 ? 32_000 : isAtLeast(3, 5) ? 8192 : 4096
  }
}
