/// Reads family and version out of a Claude model's name, by which Anthropic's models differ in what they take.

/// `claude-opus-4-7`, `claude-3-5-haiku-20241022`, `anthropic/claude-opus-4.7` and `us.anthropic.claude-opus-5-v1:0` alike.
struct ClaudeModel: Equatable {
  /// `opus`, `sonnet`, `haiku` and whatever comes after them.
  let family: String
  let major: Int
  let minor: Int

  /// - Returns: nil for all that is not called Claude.
  init?(_ name: String) {
    let words = name.lowercased().split { !$0.isLetter && !$0.isNumber }
    guard let start = words.firstIndex(of: "claude") else { return nil }
    var family = ""
    var numbers: [Int] = []
    for word in words[words.index(after: start)...] {
      // A date, a build and what follows it are no part of the version.
      if let number = Int(word) {
        guard number < 100, numbers.count < 2 else { break }
        numbers.append(number)
      } else if family.isEmpty {
        family = String(word)
      } else {
        break
      }
    }
    self.family = family
    // A name without a number is one of the newest, as `claude-mythos-preview` is.
    major = numbers.first ?? 5
    minor = numbers.count > 1 ? numbers[1] : 0
  }

  func isAtLeast(_ major: Int, _ minor: Int) -> Bool { (self.major, self.minor) >= (major, minor) }

  var maxTokens: Int {
    if isAtLeast(4, 6) { return 128_000 }
    if isAtLeast(4, 5) { return 64_000 }
    if isAtLeast(4, 0) { return family == "opus" ? 32_000 : 64_000 }
    if isAtLeast(3, 7) { return 64_000 }
    return isAtLeast(3, 5) ? 8192 : 4096
  }

  var thinking: MessagesPolicy.Thinking {
    if isAtLeast(4, 6) { return .adaptive(takesBudget: !isAtLeast(4, 7)) }
    return isAtLeast(3, 7) ? .budgeted : .never
  }

  var efforts: [MessagesPolicy.Effort] {
    if isAtLeast(4, 7) { return MessagesPolicy.Effort.allCases }
    if isAtLeast(4, 6) { return [.low, .medium, .high, .max] }
    return isAtLeast(4, 5) && family == "opus" ? [.low, .medium, .high] : []
  }
}
