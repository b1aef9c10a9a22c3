/// Turns a pattern that was read into the steps that a search follows.

struct PatternCompiler {
  private(set) var steps: [TextPattern.Step] = []

  mutating func add(_ node: PatternNode) throws(TextPattern.Refused) {
    switch node {
    case .character(let set): try append(.character(set))
    case .assertion(let assertion): try append(.assertion(assertion))
    case .sequence(let nodes): for node in nodes { try add(node) }
    case .alternatives(let branches): try addAlternatives(branches)
    case .repeated(let node, let least, let most):
      for _ in 0..<least { try add(node) }
      if let most { for _ in least..<most { try addOptional(node) } } else { try addLoop(node) }
    }
  }

  private mutating func append(_ step: TextPattern.Step) throws(TextPattern.Refused) {
    guard steps.count < TextPattern.maxSteps else {
      throw TextPattern.Refused(message: "the pattern is too large", say: "its counts unfold to too many steps")
    }
    steps.append(step)
  }

  private mutating func addAlternatives(_ branches: [PatternNode]) throws(TextPattern.Refused) {
    var exits: [Int] = []
    for branch in branches.dropLast() {
      let fork = steps.count
      try append(.fork(fork + 1, 0))
      try add(branch)
      exits.append(steps.count)
      try append(.jump(0))
      steps[fork] = .fork(fork + 1, steps.count)
    }
    if let last = branches.last { try add(last) }
    for exit in exits { steps[exit] = .jump(steps.count) }
  }

  private mutating func addOptional(_ node: PatternNode) throws(TextPattern.Refused) {
    let fork = steps.count
    try append(.fork(fork + 1, 0))
    try add(node)
    steps[fork] = .fork(fork + 1, steps.count)
  }

  private mutating func addLoop(_ node: PatternNode) throws(TextPattern.Refused) {
    let fork = steps.count
    try append(.fork(fork + 1, 0))
    try add(node)
    try append(.jump(fork))
    steps[fork] = .fork(fork + 1, steps.count)
  }
}
