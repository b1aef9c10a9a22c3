/// The endpoints: their paths, their methods, and which of them answer without a token.

enum Endpoint: String, CaseIterable {
  case dashboard = "/"
  case healthz = "/healthz"
  case readyz = "/readyz"
  case metrics = "/metrics"
  case status = "/status"
  case verdict = "/verdict"
  case decisions = "/decisions"
  case diffs = "/diffs"
  case pause = "/pause"
  case resume = "/resume"
  case promote = "/promote"
  case rollback = "/rollback"
  case rearm = "/rearm"
  case apply = "/apply"
  case outcomes = "/outcomes"

  var changesSomething: Bool {
    switch self {
    case .pause, .resume, .promote, .rollback, .rearm, .apply, .outcomes: true
    case .dashboard, .healthz, .readyz, .metrics, .status, .verdict, .decisions, .diffs: false
    }
  }

  /// Answered however many others are: probes, and what steers.
  var isReserved: Bool {
    switch self {
    case .healthz, .readyz, .pause, .resume, .promote, .rollback, .rearm, .apply: true
    case .dashboard, .metrics, .status, .verdict, .decisions, .diffs, .outcomes: false
    }
  }

  /// The value of `Allow`.
  var methods: String {
    // Who hooks into a release posts, and asks.
    if self == .verdict { return "GET, HEAD, POST" }
    return changesSomething ? "POST" : "GET, HEAD"
  }

  /// Probes carry no token, and learn no more than that they may go on. The dashboard's page holds no data; it asks for the
  /// token itself.
  var isOpen: Bool { self == .healthz || self == .readyz || self == .dashboard }
}
