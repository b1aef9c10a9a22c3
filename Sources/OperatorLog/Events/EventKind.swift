/// The table of events: which fields each one carries and how many lines of it are written at most.

import RolloutJudge

enum EventKind: String, Sendable, CaseIterable {
  case decision, command, restored
  case configChanged = "config_changed"
  case configRefused = "config_refused"
  case exchange, fallback
  case shadowDropped = "shadow_dropped"
  case budgetSpent = "budget_spent"
  case upstreamDown = "upstream_down"
  case upstreamUp = "upstream_up"
  case limitReached = "limit_reached"
  case journalFailed = "journal_failed"
  case journalRecovered = "journal_recovered"
  case webhookFailed = "webhook_failed"
  case listening, draining, stopped
  case linesDropped = "lines_dropped"
  case notice

  struct Row {
    var about: String
    var required: [LogField]
    var optional: [LogField] = []
    /// Beyond it lines of a second are left out and counted on the next one's `suppressed`; nil: every line is written.
    var linesPerSecond: Int?
  }

  var row: Row {
    switch self {
    case .decision, .command, .restored, .configChanged, .configRefused: rolloutRow
    case .exchange, .fallback, .shadowDropped, .budgetSpent, .upstreamDown, .upstreamUp, .limitReached: trafficRow
    default: processRow
    }
  }

  private var rolloutRow: Row {
    switch self {
    case .decision:
      Row(
        about: "A decision of the rollout; journaled before it takes effect.",
        required: [
          .decision, .rollout, .stage, .weightsBefore, .weightsAfter, .seq, .actor, .playbookSHA256,
        ],
        optional: [.candidate, .metric, .condition, .evidence, .reason])
    case .command:
      Row(about: "Someone steered the rollout.", required: [.command, .actor], optional: [.reason, .refusal])
    case .restored:
      Row(
        about: "The rollout continues where the journal left it.",
        required: [.rollout, .state, .stageName, .weights, .seq])
    case .configChanged:
      Row(
        about: "Another playbook is in force.", required: [.playbook, .playbookSHA256], optional: [.playbookSHA256Before])
    default:
      Row(about: "A changed playbook is not valid; the old one stays.", required: [.playbook, .problems, .problem])
    }
  }

  private var trafficRow: Row {
    switch self {
    case .exchange:
      Row(
        about: "An attempt on an arm ended; sampled, off by default.", required: [.id, .arm, .population, .outcome],
        optional: [.path, .model, .status, .latency, .ttft, .cost], linesPerSecond: 500)
    case .fallback:
      Row(
        about: "The safety net answered in a candidate's place.", required: [.id, .candidate, .outcome],
        optional: [.status], linesPerSecond: 20)
    case .shadowDropped:
      Row(about: "Copies were not sent.", required: [.candidate, .dropReason, .count], linesPerSecond: 20)
    case .budgetSpent:
      Row(
        about: "Shadowing stops until the next day.", required: [.spent, .budget, .resumesAt], optional: [.candidate],
        linesPerSecond: 20)
    case .upstreamDown:
      Row(
        about: "An arm cannot be reached.", required: [.arm, .host, .port, .cause, .failures], linesPerSecond: 20)
    case .upstreamUp:
      Row(about: "An arm can be reached again.", required: [.arm, .host, .port, .downFor], linesPerSecond: 20)
    default:
      Row(about: "A limit bit.", required: [.limitName, .allowed, .count], linesPerSecond: 20)
    }
  }

  private var processRow: Row {
    switch self {
    case .journalFailed:
      Row(
        about: "The journal cannot be written; nothing advances until it can.", required: [.error], linesPerSecond: 5)
    case .journalRecovered:
      Row(about: "The journal can be written again.", required: [.failedFor], linesPerSecond: 5)
    case .webhookFailed:
      Row(
        about: "A decision's webhook could not be delivered.", required: [.seq, .attempts],
        optional: [.status, .error], linesPerSecond: 20)
    case .listening: Row(about: "A server accepts connections.", required: [.service, .host, .port])
    case .draining: Row(about: "No more connections are accepted.", required: [.open, .limit])
    case .stopped: Row(about: "The process ends.", required: [.cutOff])
    case .linesDropped: Row(about: "Whoever reads the log was too slow; lines were left out.", required: [.count])
    default:
      Row(
        about: "A line of a library.", required: [.logger], optional: [.details, .error], linesPerSecond: 100)
    }
  }
}

let kindNames = Decision.Kind.allCases.map(\.rawValue)
let metricNames = Metric.allCases.map(\.rawValue)
let dropNames = ShadowDrop.allCases.map(\.rawValue)
