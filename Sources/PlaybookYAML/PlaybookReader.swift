/// The second pass: from the checked tree to the playbook's values, and everything that only makes no sense together.

import Dialects
import RolloutJudge

/// Reads an operator's playbook, or says everything that is wrong with it.
///
/// - Parameters:
///   - text: the file's text, before substitution.
///   - file: what problems call it.
///   - environment: where `${NAME}` comes from.
///   - sha256: lower-case hex SHA-256 of the file's bytes, kept in the playbook as it is.
///   - unset: whether secrets may be missing.
package func readPlaybook(
  text: String, file: String, environment: [String: String], sha256: String = "", unset: UnsetSecrets = .refused
) -> PlaybookReading {
  var problems = ProblemList(file: file)
  guard let root = readYAML(text, environment: environment, unset: unset, problems: &problems) else {
    return PlaybookReading(playbook: nil, problems: problems.sorted())
  }
  var check = ShapeCheck(problems: problems)
  if let version = root["crossfade"], let text = version.text, text != "1" {
    // Another version has other keys: to hold them against these would only mislead.
    check.check(version, .scalar(.version))
    return PlaybookReading(playbook: nil, problems: check.problems.sorted())
  }
  check.check(root, .object(PlaybookKeys.root))
  var reader = PlaybookReader(problems: check.problems, root: root, environment: environment)
  let playbook = reader.playbook(sha256: sha256)
  return PlaybookReading(
    playbook: reader.problems.hasErrors ? nil : playbook, problems: reader.problems.sorted())
}

/// Passes over what the first pass has refused: a malformed value is nil here and is not reported again.
struct PlaybookReader {
  var problems: ProblemList
  let root: PlaybookNode
  let environment: [String: String]
  /// The name of each entry of `candidates`, nil where it is unusable, and how messages call it.
  var candidateNames: [String?] = []
  var candidateLabels: [String] = []

  init(problems: ProblemList, root: PlaybookNode, environment: [String: String] = [:]) {
    self.problems = problems
    self.environment = environment
    self.root = root
  }

  mutating func playbook(sha256: String) -> Playbook {
    let candidateNodes = root["candidates"]?.items ?? []
    candidateNames = candidateNodes.map { $0["name"]?.name }
    candidateLabels = candidateNodes.map { $0["name"]?.shown ?? "?" }
    let baseline = arm(root["baseline"] ?? root, isBaseline: true)
    let candidates = candidateNodes.map { arm($0, isBaseline: false) }
    checkNames(candidateNodes)
    checkAddresses(baseline: baseline, candidates: candidates, candidateNodes)
    var playbook = Playbook(
      name: root["name"]?.name ?? "", baseline: baseline, candidates: candidates,
      traffic: traffic(), shadow: shadowPolicy(), confidence: root["confidence"]?.share ?? 0.99, test: test(),
      rollbackWhen: conditions("rollback_when"), pauseWhen: conditions("pause_when"), stages: [],
      onDecision: hooks(), compare: comparePolicy(), tags: tags(), sha256: sha256)
    if let text = root["own_mistakes"]?.text, let policy = OwnMistakePolicy(rawValue: text) {
      playbook.ownMistakes = policy
    }
    if let text = root["rollback"]?.text, let scope = RollbackScope(rawValue: text) { playbook.rollbackScope = scope }
    playbook.stages = stages(test: playbook.test)
    playbook.budgets = budgets(playbook)
    playbook.guards = guards(playbook)
    checkConditions(playbook)
    return playbook
  }

  private func test() -> TestKind {
    guard let threshold = root["test"]?["threshold"] else { return .sequential }
    return .threshold(
      ThresholdRule(
        window: threshold["window"]?.duration ?? .seconds(300), minSamples: threshold["min_samples"]?.count ?? 1,
        interval: threshold["interval"]?.duration, failures: threshold["failures"]?.count ?? 1,
        initialDelay: threshold["initial_delay"]?.duration ?? .zero))
  }

  private func shadowPolicy() -> ShadowPolicy {
    var policy = ShadowPolicy()
    let node = root["shadow"]
    if let limit = node?["max_in_flight"]?.count { policy.maxInFlight = limit }
    policy.dollarsPerDay = node?["budget"]?.text.flatMap { readDailyBudget($0).value }
    if let noise = node?["noise"]?.share { policy.noise = noise }
    policy.endpoints = (node?["endpoints"]?.items).map { $0.compactMap { $0.text.flatMap(Endpoint.init(word:)) } }
    return policy
  }

  /// The shares of a `weight` or `shadow` by candidate index; nil where one is unusable. An absent node is 0% for all.
  mutating func shares(_ node: PlaybookNode?) -> [Double?] {
    guard let node else { return candidateNames.map { _ in 0 } }
    guard case .mapping(let entries) = node.content else {
      guard let share = node.share else { return candidateNames.map { _ in nil } }
      if candidateNames.count > 1, share > 0 {
        let example = zip(candidateLabels, 0...).map { "\($0.0): \(node.shown)" }.joined(separator: ", ")
        problems.error(at: node, "there are \(candidateNames.count) candidates", "say which: { \(example) }")
        return candidateNames.map { _ in nil }
      }
      return candidateNames.map { _ in share }
    }
    let known = candidateNames.compactMap(\.self)
    for entry in entries where !known.contains(entry.key) && known.count == candidateNames.count {
      let literal = zip(candidateNames, candidateLabels).compactMap { $0 == $1 ? $1 : nil }
      let near = nearestWord(to: entry.key, among: literal)
      problems.error(
        entry.keyPlace, entry.value.path, "no candidate is named '\(entry.key.prefix(64))'",
        near.map { "did you mean '\($0)'?" } ?? "the candidates are \(andList(candidateLabels))")
    }
    return candidateNames.map { name in
      guard let name else { return nil }
      guard let value = node[name] else { return 0 }
      return value.share
    }
  }
}

extension PlaybookNode {
  var share: Double? { text.flatMap { readShare($0).value } }
  var duration: Duration? { text.flatMap { readDuration($0).value } }
  var dollars: Double? { text.flatMap { readDollars($0).value } }
  var number: Double? { text.flatMap { readNumber($0).value } }
  var count: Int? { text.flatMap { readCount($0).value } }
  var size: Int? { text.flatMap { readSize($0).value } }
  var flag: Bool? { text.flatMap { readFlag($0).value } }
  var name: String? { text.flatMap { ScalarKind.name.check($0) == nil ? $0 : nil } }
  var url: ArmURL? { text.flatMap { readURL($0).value } }

  /// One scalar, or each of a list.
  var oneOrMore: [PlaybookNode] {
    if case .list(let items) = content { items } else { [self] }
  }
}
