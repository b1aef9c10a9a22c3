/// The rollout in one word, for tools that steer by it: Argo's analyses, Flagger's hooks, a step of a pipeline.

package struct RolloutVerdict: Sendable, Equatable {
  package enum Word: String, Sendable, Codable, CaseIterable { case pass, fail, inconclusive }

  package var word: Word
  /// One sentence that says what it rests on.
  package var reason: String

  /// - Parameter candidate: whose verdict; nil: all of them together, of which the worst counts.
  /// - Returns: nil where there is no such candidate.
  package init?(_ status: RolloutStatus, candidate: String? = nil) {
    let places = status.candidates.filter { candidate == nil || $0.key == candidate }
    guard candidate == nil || !places.isEmpty || status.weights[candidate ?? ""] != nil else { return nil }
    let guards = status.guards.filter { candidate == nil || $0.candidate == candidate }
    let back = places.filter(\.value.isRolledBack).keys.sorted()
    let breached = guards.filter { $0.state == .breached }
    if let name = back.first {
      self.init(.fail, "\(name) was rolled back")
    } else if status.state == .rolledBack || status.state == .aborted {
      self.init(.fail, status.state == .aborted ? "the rollout was aborted" : "the rollout was rolled back")
    } else if let condition = breached.first(where: { $0.action == "rollback" }) {
      self.init(.fail, "\(condition.candidate) breaches \(condition.metric.rawValue)")
    } else if let model = places.values.compactMap(\.rolledBackModels).joined().min() {
      self.init(.inconclusive, "the model \(model) was rolled back, others go on")
    } else if let condition = breached.first {
      self.init(.inconclusive, "\(condition.candidate) breaches \(condition.metric.rawValue), which pauses")
    } else if status.state == .paused {
      self.init(.inconclusive, "the rollout is paused")
    } else if status.state == .completed {
      self.init(.pass, "the rollout is completed")
    } else if guards.isEmpty {
      self.init(.inconclusive, "no condition judges it")
    } else if let condition = guards.first(where: { $0.state != .passed }) {
      self.init(.inconclusive, "\(condition.candidate) is not yet shown to keep \(condition.metric.rawValue)")
    } else {
      self.init(.pass, "every condition is shown to be kept")
    }
  }

  private init(_ word: Word, _ reason: String) {
    self.word = word
    self.reason = reason
  }
}
