/// The table of events: which fields each one must and may carry.

extension EventKind.Row {
  static let decision = Self(
    about: "A decision of the rollout; journaled before it takes effect.",
    required: [.decision, .rollout, .stage, .weightsBefore, .weightsAfter, .seq, .actor, .playbookSHA256],
    optional: [
      .candidate, .rolledBackModel, .othersThan, .metric, .condition, .evidence, .proofs, .reason, .skipped, .changes,
      .head,
    ])

  static let command = Self(
    about: "Someone steered the rollout.", required: [.command, .actor], optional: [.reason, .refusal])

  static let restored = Self(
    about: "The rollout continues where the journal left it.",
    required: [.rollout, .state, .stageName, .weights, .seq])

  static let configChanged = Self(
    about: "Another playbook is in force.", required: [.playbook, .playbookSHA256],
    optional: [.playbookSHA256Before, .changes])

  static let configRefused = Self(
    about: "A playbook was not taken; the one before stays in force.", required: [.playbook, .problems],
    linesPerSecond: 5)

  static let exchange = Self(
    about: "An attempt on an arm ended; sampled, off by default.", required: [.id, .arm, .population, .outcome],
    optional: [.path, .model, .status, .latency, .ttft, .cost], linesPerSecond: 500)

  static let fallback = Self(
    about: "The safety net answered in a candidate's place.", required: [.id, .candidate, .outcome],
    optional: [.status], linesPerSecond: 20)

  static let shadowDropped = Self(
    about: "Copies were not sent.", required: [.candidate, .dropReason, .count], linesPerSecond: 20)

  static let modelUnmapped = Self(
    about: "The application asks for a model that no line of a candidate's map matches; once for each.",
    required: [.candidate, .model], linesPerSecond: 20)

  static let budgetSpent = Self(
    about: "Shadowing, or a candidate's answering, stops until the next day.",
    required: [.spent, .budget, .resumesAt], optional: [.candidate, .tag, .estimated],
    linesPerSecond: 20)

  static let upstreamDown = Self(
    about: "An arm cannot be reached.", required: [.arm, .host, .port, .cause, .failures], linesPerSecond: 20)

  static let upstreamUp = Self(
    about: "An arm can be reached again.", required: [.arm, .host, .port, .downFor], linesPerSecond: 20)

  static let armAsked = Self(
    about: "What an arm answered at the start, when it was asked for its models.",
    required: [.arm, .host, .port, .armResult])

  static let limitReached = Self(
    about: "A limit bit.", required: [.limitName, .allowed, .count], linesPerSecond: 20)

  static let limitsFitted = Self(
    about: "How many connections the process's descriptors are enough for.",
    required: [.descriptors, .reserve, .clients, .clientsAsked, .upstreams, .upstreamsAsked, .copies, .copiesAsked])

  static let journalFailed = Self(
    about: "The journal cannot be written; nothing advances until it can.", required: [.error], linesPerSecond: 5)

  static let journalRecovered = Self(
    about: "The journal can be written again.", required: [.failedFor], linesPerSecond: 5)

  static let webhookFailed = Self(
    about: "A decision's webhook could not be delivered.", required: [.seq, .attempts], optional: [.status, .error],
    linesPerSecond: 20)

  static let listening = Self(about: "A server accepts connections.", required: [.service, .host, .port])

  static let draining = Self(about: "No more connections are accepted.", required: [.open, .limit])

  static let stopped = Self(about: "The last exchange has ended; the process follows.", required: [.cutOff])

  static let linesDropped = Self(
    about: "Whoever reads the log was too slow; lines were left out.", required: [.count])

  static let notice = Self(
    about: "A line of a library.", required: [.logger], optional: [.details, .error], linesPerSecond: 100)
}
