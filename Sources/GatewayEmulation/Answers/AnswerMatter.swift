/// The matter of one answer, whatever dialect will carry it: words, JSON of the form asked for, or a call of a tool.
struct AnswerMatter: Sendable, Equatable {
  enum Finish: Sendable, Equatable {
    case stop, length, toolCall
  }

  struct Call: Sendable, Equatable {
    /// Between the quotes, as the request wrote it.
    var name: String
    /// JSON.
    var arguments: String
    /// `arguments` in the pieces of a stream.
    var pieces: [String]
  }

  /// Joined they are the text.
  private(set) var pieces: [String] = []
  private(set) var call: Call?
  private(set) var finish = Finish.stop
  private(set) var tokens = 0
  /// The planned answer has no content.
  let isEmpty: Bool
  /// The salt added to the words of an embedding that is not to follow from them alone; nil: none.
  let vectorSalt: UInt64?
  let variety: Double
  /// Draws what variety varies.
  let manner: UInt64

  /// Tokens that hold four characters of JSON.
  private static let charactersPerToken = 4
  private static let mannerSalt: UInt64 = 0x6D61_6E6E_6572_2121

  /// - Parameter serial: of the request since the gateway started; draws the manner of wording.
  init(plan: RequestPlan, serial: Int, fields: RequestFields) {
    let behavior = plan.behavior
    let isFixed = behavior.answerSource == .prompt && !plan.diverges
    var content =
      isFixed ? SeededRandom(seed: fields.promptHash) : SeededRandom(seed: ~behavior.seed, number: plan.number)
    var salt = content
    vectorSalt = isFixed ? nil : salt.next()
    // The model's name is in it, so that two gateways of one seed do not choose the same words.
    var manner = SeededRandom(seed: behavior.seed ^ Self.mannerSalt ^ fields.modelHash, number: serial)
    self.manner = manner.next()
    variety = behavior.variety
    isEmpty = plan.fault == .empty
    guard !isEmpty else { return }
    let foreign = Phrasebook.foreign[content.below(Phrasebook.foreign.count)]
    var wording = Wording(
      phrasebook: plan.mistakes.contains(.otherLanguage) ? foreign : .english, variety: behavior.variety,
      manner: manner)
    let eventCount = fields.streams ? behavior.streamEventCount : nil
    if let tool = fields.form.tool(using: &content), !plan.mistakes.contains(.dropToolCall) {
      // What is handed to a program does not vary with the wording.
      wording = Wording(phrasebook: wording.phrasebook, variety: 0, manner: manner)
      setCall(tool, content, wording, eventCount: eventCount, drops: plan.mistakes.contains(.dropToolArguments))
    } else if let structure = fields.form.structure {
      setJSON(Self.json(structure, plan, content, wording), eventCount: eventCount)
    } else {
      let words = wording.words(max(behavior.answerWords, eventCount ?? 0), content: &content)
      pieces = TextPieces.of(words, count: eventCount ?? words.count)
      tokens = words.count
    }
    if plan.mistakes.contains(.cutShort) { cutShort() }
  }

  private mutating func setCall(
    _ tool: AskedForm.Tool, _ content: SeededRandom, _ wording: Wording, eventCount: Int?, drops: Bool
  ) {
    var instance = SchemaInstance(schema: tool.parameters ?? .object([]), content: content, wording: wording)
    let arguments = drops || tool.parameters == nil ? "{}" : instance.text()
    call = Call(name: tool.name, arguments: arguments, pieces: TextPieces.of(arguments, count: eventCount))
    finish = .toolCall
    tokens = Self.tokens(of: arguments)
  }

  private mutating func setJSON(_ json: String, eventCount: Int?) {
    pieces = TextPieces.of(json, count: eventCount)
    tokens = Self.tokens(of: json)
  }

  private static func json(
    _ structure: AskedForm.Structure, _ plan: RequestPlan, _ content: SeededRandom, _ wording: Wording
  ) -> String {
    let schema: JSONValue =
      switch structure {
      case .schema(let schema): schema
      case .anyObject: anyObject
      }
    var instance = SchemaInstance(schema: schema, content: content, wording: wording)
    let value = instance.value()
    if plan.mistakes.contains(.breakJSON) { return "Here is the JSON:\n```json\n\(value.text)\n```" }
    guard plan.mistakes.contains(.breakSchema) else { return value.text }
    if case .object(let members) = value, !members.isEmpty { return JSONValue.object(Array(members.dropFirst())).text }
    return #"{"value":\#(value.text)}"#
  }

  /// The schema of what is written where any JSON object would do.
  private static let anyObject = JSONValue.object([
    .init(
      name: "properties",
      value: .object([
        .init(name: "answer", value: .object([])),
        .init(name: "count", value: .object([.init(name: "type", value: .scalar(#""integer""#))])),
        .init(name: "certain", value: .object([.init(name: "type", value: .scalar(#""boolean""#))])),
      ])),
    .init(name: "required", value: .array(["answer", "count", "certain"].map { .scalar("\"\($0)\"") })),
  ])

  private static func tokens(of json: String) -> Int {
    max(1, (json.unicodeScalars.count + charactersPerToken - 1) / charactersPerToken)
  }

  private mutating func cutShort() {
    keepHalf()
    finish = .length
    tokens = (tokens + 1) / 2
  }

  /// The first half of the pieces, for what breaks off.
  mutating func keepHalf() {
    pieces = Array(pieces.prefix((pieces.count + 1) / 2))
    guard var call else { return }
    call.pieces = Array(call.pieces.prefix((call.pieces.count + 1) / 2))
    call.arguments = call.pieces.joined()
    self.call = call
  }
}
