/// Everything an answer is made of, drawn once from plan and request, so that each dialect only arranges it.
struct AnswerDraft: Sendable {
  enum Ending: Sendable, Equatable {
    case finished
    /// Breaks off with an error in the dialect's own form.
    case failing
    /// Ends without saying so.
    case unfinished
  }

  /// The matter of the answer; only its first half where the answer fails or stays unfinished.
  let matter: AnswerMatter
  /// The text's pieces as they stand between the quotes of JSON strings.
  let pieces: [String]
  let ending: Ending
  let vendor: VendorShape
  let costForm: VendorRow.CostForm
  let fields: RequestFields
  /// Only a vendor that signs its thinking shows it.
  let thought: SignedThought?
  let usage: TokenUsage
  /// False where a mistake leaves `usage` out.
  let reportsUsage: Bool
  /// Unix seconds; counted, not read from a clock, so that a seed repeats every byte.
  let created: Int
  /// Unique in one gateway's life.
  let token: String
  let leadingComments: Int

  static let firstCreated = 1_795_360_000

  /// - Parameter serial: of the request since the gateway started.
  init(plan: RequestPlan, serial: Int, fields: RequestFields) {
    let behavior = plan.behavior
    vendor = behavior.vendor
    costForm = behavior.row?.cost ?? .ofShape
    self.fields = fields
    thought = behavior.row?.words == .anthropic ? SignedThought(fields) : nil
    leadingComments = behavior.leadingComments
    created = Self.firstCreated + serial
    token = Self.token(seed: behavior.seed, serial: serial)
    ending =
      switch plan.fault {
      case .errorEvent: .failing
      case .noTerminal: .unfinished
      default: .finished
      }
    var matter = AnswerMatter(plan: plan, serial: serial, fields: fields)
    usage = TokenUsage(prompt: fields.promptTokens, completion: matter.tokens, behavior: behavior)
    reportsUsage = !plan.mistakes.contains(.noUsage)
    if plan.fault == .errorEvent || plan.fault == .noTerminal { matter.keepHalf() }
    self.matter = matter
    pieces = matter.pieces.map(JSONText.escaped)
  }

  var text: String { pieces.joined() }

  /// `,"usage":…`, or nothing where none is reported.
  func usageMember(_ value: String) -> String { reportsUsage ? #","usage":\#(value)\#(topLevelCost)"# : "" }

  /// `,"cost":…` of a vendor that states it beside `usage`.
  var topLevelCost: String { costForm == .topLevel ? #","cost":\#(usage.cost)"# : "" }

  /// The finish reason of chat completions and completions, as JSON.
  var chatFinish: String {
    switch matter.finish {
    case .stop: #""stop""#
    case .length: #""length""#
    case .toolCall: #""tool_calls""#
    }
  }

  private static let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  private static func token(seed: UInt64, serial: Int) -> String {
    var random = SeededRandom(seed: seed ^ 0x6964_656E_7469_7479, number: serial)
    return String(decoding: (0..<20).map { _ in letters[random.below(letters.count)] }, as: UTF8.self)
  }

  /// `gen-…` at OpenRouter, `prefix…` elsewhere.
  func id(_ prefix: String) -> String {
    vendor == .openrouter ? generationID : prefix + token
  }

  var generationID: String { "gen-\(created)-\(token)" }

  /// The comments of a stream's opening, in the vendor's manner.
  var preamble: [String] {
    vendor == .openrouter ? Array(repeating: Self.comment, count: max(0, leadingComments)) : []
  }

  static let comment = ": OPENROUTER PROCESSING\n\n"

  /// - Parameter name: the `event:` line of dialects that have one.
  static func event(_ data: String, name: String? = nil, isContent: Bool = false) -> Answer.StreamEvent {
    Answer.StreamEvent(text: (name.map { "event: \($0)\n" } ?? "") + "data: \(data)\n\n", isContent: isContent)
  }
}
