/// Every event of the log by name, and what the table says of each: its fields and how many lines of it are written.

enum EventKind: String, Sendable, CaseIterable {
  case decision, command, restored
  case configChanged = "config_changed"
  case configRefused = "config_refused"
  case exchange, fallback
  case shadowDropped = "shadow_dropped"
  case modelUnmapped = "model_unmapped"
  case budgetSpent = "budget_spent"
  case upstreamDown = "upstream_down"
  case upstreamUp = "upstream_up"
  case armAsked = "arm_asked"
  case limitReached = "limit_reached"
  case limitsFitted = "limits_fitted"
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
    case .decision: .decision
    case .command: .command
    case .restored: .restored
    case .configChanged: .configChanged
    case .configRefused: .configRefused
    case .exchange: .exchange
    case .fallback: .fallback
    case .shadowDropped: .shadowDropped
    case .modelUnmapped: .modelUnmapped
    case .budgetSpent: .budgetSpent
    case .upstreamDown: .upstreamDown
    case .upstreamUp: .upstreamUp
    case .armAsked: .armAsked
    case .limitReached: .limitReached
    case .limitsFitted: .limitsFitted
    case .journalFailed: .journalFailed
    case .journalRecovered: .journalRecovered
    case .webhookFailed: .webhookFailed
    case .listening: .listening
    case .draining: .draining
    case .stopped: .stopped
    case .linesDropped: .linesDropped
    case .notice: .notice
    }
  }
}
