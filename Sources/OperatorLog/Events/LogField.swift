/// Every field that a log line can carry: its name, its JSON type, what it means; for the emitter and the schema.

import RolloutJudge

struct LogField: Sendable, Equatable {
  let name: String
  let shape: Shape
  let about: String
  /// Whether the text format shows it; what the message already says is left out there.
  let isShownInText: Bool

  private init(_ name: String, _ shape: Shape, _ about: String, shown: Bool = true) {
    self.name = name
    self.shape = shape
    self.about = about
    self.isShownInText = shown
  }

  enum Shape: Sendable, Equatable {
    /// A name from the playbook, an id, an address: at most `TextLimit.label` bytes.
    case label
    /// Words of a person or of an error: at most `TextLimit.text` bytes.
    case text
    case instant
    case sha256
    case count
    case milliseconds
    case dollars
    case oneOf([String])
    /// Name to share.
    case shares
    case limits
    case evidence
    case proofs
    /// Keys and words of a library.
    case details

    var limit: Int { self == .text ? TextLimit.text : TextLimit.label }
  }
}

extension LogField {
  static let decision = LogField("decision", .oneOf(kindNames), "What was decided.", shown: false)
  static let rollout = LogField("rollout", .label, "The playbook's name.", shown: false)
  static let stage = LogField("stage", .label, "The stage it was taken in, or the one being entered.")
  static let stageName = LogField("stage", .label, "The stage's name.")
  static let candidate = LogField("candidate", .label, "The candidate concerned.")
  static let metric = LogField("metric", .oneOf(metricNames), "The metric that was breached.", shown: false)
  static let condition = LogField("condition", .limits, "What the playbook allows.", shown: false)
  static let weightsBefore = LogField("weights_before", .shares, "Share of each candidate until now.", shown: false)
  static let weightsAfter = LogField("weights_after", .shares, "Share of each candidate from now on.")
  static let weights = LogField("weights", .shares, "Share of each candidate.")
  static let evidence = LogField("evidence", .evidence, "What the decision rests on.", shown: false)
  static let proofs = LogField(
    "proofs", .proofs, "What shows that no condition is breached, where a stage asks for it.", shown: false)
  static let seq = LogField("seq", .count, "The decision's number in the journal.")
  static let actor = LogField("actor", .label, "`crossfade`, or who commanded it.")
  static let playbookSHA256 = LogField("playbook_sha256", .sha256, "Of the playbook's bytes.", shown: false)
  static let head = LogField(
    "head", .sha256, "Of the journal's chain after the decision: 'crossfade verify --head' finds it again.",
    shown: false)
  static let reason = LogField("reason", .text, "A person's words, or why a hold holds.")

  static let rolledBackModel = LogField(
    "model", .label, "The model that a rollback takes back; the candidate keeps the others.")
  static let othersThan = LogField(
    "others_than", .text, "Where it stands for all models without a test of their own: those that have one.")
  static let skipped = LogField("skipped", .label, "What a promotion did not wait for.")
  static let changes = LogField("changes", .text, "What another playbook changes, setting by setting.")
  static let problems = LogField("problems", .text, "Why the playbook was refused.", shown: false)

  static let command = LogField("command", .label, "What was asked for.", shown: false)
  static let refusal = LogField("refusal", .text, "Why it was refused; absent where it was done.", shown: false)
  static let playbook = LogField("playbook", .label, "The playbook file.")
  static let playbookSHA256Before = LogField(
    "playbook_sha256_before", .sha256, "Of the one in force before.", shown: false)
  static let state = LogField("state", .label, "The rollout's state.")

  static let id = LogField("id", .label, "The exchange's `x-crossfade-id`.")
  static let path = LogField("path", .label, "Of the request, without its query.")
  static let model = LogField("model", .label, "The application's model id.")
  static let arm = LogField("arm", .label, "The arm concerned.")
  static let population = LogField("population", .oneOf(populationNames), "Why the attempt was made.")
  static let outcome = LogField("outcome", .label, "How the attempt on the arm ended.")
  static let status = LogField("status", .count, "The arm's HTTP status.")
  static let latency = LogField("latency", .milliseconds, "Last request byte read to last response byte.")
  static let ttft = LogField("ttft", .milliseconds, "Last request byte read to the first event with content.")
  static let cost = LogField("cost", .dollars, "USD; absent where unknown.")

  static let dropReason = LogField("reason", .oneOf(dropNames), "Why copies were not sent.")
  static let count = LogField("count", .count, "How many since the last such line.")
  static let tag = LogField("tag", .label, "The exchanges that a budget is for, such as `team=search`; absent: all.")
  static let spent = LogField("spent", .dollars, "USD spent since the budget's day began.")
  static let estimated = LogField("estimated", .dollars, "USD of that which is an upper estimate: the cost is unknown.")
  static let budget = LogField("budget", .dollars, "USD a day.")
  static let resumesAt = LogField("resumes_at", .instant, "When the next day's budget begins.")

  static let host = LogField("host", .label, "Host name or address.")
  static let port = LogField("port", .count, "TCP port.")
  static let cause = LogField("cause", .oneOf(UpstreamCause.allCases.map(\.rawValue)), "What failed.")
  static let failures = LogField("failures", .count, "Failures in a row.")
  static let downFor = LogField("down_for", .milliseconds, "How long it was down.")
  static let armResult = LogField("result", .oneOf(armResults), "What its answer says of the playbook.", shown: false)
  static let service = LogField("service", .oneOf(ListeningService.allCases.map(\.rawValue)), "Which server listens.")
  static let open = LogField("open", .count, "Exchanges still open.")
  static let limit = LogField("limit", .milliseconds, "How long they may take.")
  static let cutOff = LogField("cut_off", .count, "Exchanges that were cut off.")

  static let limitName = LogField("limit", .label, "The limit's name.")
  static let allowed = LogField("allowed", .count, "What it allows.")
  static let descriptors = LogField("descriptors", .count, "Descriptors that the process may have.", shown: false)
  static let reserve = LogField("reserve", .count, "Of these, kept from traffic.", shown: false)
  static let clients = LogField("clients", .count, "Client connections at most.", shown: false)
  static let clientsAsked = LogField("clients_asked", .count, "Client connections asked for.", shown: false)
  static let upstreams = LogField("upstreams", .count, "Connections to arms at most.", shown: false)
  static let upstreamsAsked = LogField("upstreams_asked", .count, "Connections to arms asked for.", shown: false)
  static let copies = LogField("copies", .count, "Connections for copies at most.", shown: false)
  static let copiesAsked = LogField("copies_asked", .count, "Connections for copies asked for.", shown: false)
  static let error = LogField("error", .text, "What went wrong.")
  static let failedFor = LogField("failed_for", .milliseconds, "How long it failed.")
  static let attempts = LogField("attempts", .count, "How often it was tried.")

  static let logger = LogField("logger", .label, "The library's logger.")
  static let details = LogField("details", .details, "What the library added.")

  private static let kindNames = Decision.Kind.allCases.map(\.rawValue)
  private static let metricNames = Metric.allCases.map(\.rawValue)
  private static let dropNames = ShadowDrop.allCases.map(\.rawValue)
  private static let populationNames = Population.allCases.map(\.name)
}
