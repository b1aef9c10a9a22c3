/// The plan for one request, made before a byte of it is answered: a pure function of behavior and request number.
struct RequestPlan: Sendable, Equatable {
  var behavior: GatewayBehavior
  /// Counts from 1 since the behavior took effect.
  var number: Int
  var fault: Fault
  /// To the first byte, or the first token.
  var delay: Duration
  /// Draws the text of a `.prompt` answer from the request number all the same.
  var diverges: Bool
  /// Those that strike, where the answer can have them.
  var mistakes: Set<Mistake>
  /// A stream gets the error as an event, JSON gets it as the body: decided when the request has been read.
  var isInBodyError: Bool

  init(behavior: GatewayBehavior, number: Int) {
    var random = SeededRandom(seed: behavior.seed, number: number)
    let fate = random.fraction()
    let faultFate = random.fraction()
    let divergence = random.fraction()
    let (fault, isInBodyError) = Self.fault(behavior, number: number, fate: fate, faultFate: faultFate)
    self.behavior = behavior
    self.number = number
    self.fault = fault
    self.isInBodyError = isInBodyError
    diverges = divergence < behavior.divergenceRate
    mistakes = Self.mistakes(behavior, number: number)
    if case .status = fault {
      delay = (behavior.errorLatency ?? behavior.latency).draw(using: &random)
    } else {
      delay = behavior.latency.draw(using: &random)
    }
  }

  private static let mistakeSalt: UInt64 = 0x6D69_7374_616B_6573

  /// One draw for each mistake there is, so that another one's share changes nothing.
  private static func mistakes(_ behavior: GatewayBehavior, number: Int) -> Set<Mistake> {
    guard !behavior.mistakes.isEmpty else { return [] }
    var random = SeededRandom(seed: behavior.seed ^ mistakeSalt, number: number)
    let fates = Mistake.allCases.map { ($0, random.fraction()) }
    let struck = fates.filter { mistake, fate in
      behavior.mistakes.contains { $0.mistake == mistake && fate < $0.share }
    }
    return Set(struck.map(\.0))
  }

  private static func fault(
    _ behavior: GatewayBehavior, number: Int, fate: Double, faultFate: Double
  ) -> (Fault, isInBodyError: Bool) {
    if let script = behavior.script, number <= script.count {
      return (script[number - 1], false)
    }
    let refusal = Fault.status(behavior.errorStatus, retryAfterSeconds: behavior.errorRetryAfterSeconds)
    if let failFirst = behavior.failFirst, number <= failFirst { return (refusal, false) }
    var bound = behavior.errorRate
    if fate < bound { return (refusal, false) }
    bound += behavior.inBodyErrorRate
    if fate < bound { return (.errorInBody, true) }
    bound += behavior.incompleteRate
    if fate < bound { return (.noTerminal, false) }
    bound += behavior.emptyRate
    if fate < bound { return (.empty, false) }
    return (faultFate < behavior.faultRate ? behavior.fault : .none, false)
  }
}
