/// One model's requests on every arm: like with like, where the arms' own figures may be of other models.

package struct ModelStatus: Sendable, Codable {
  /// As the application asks for it.
  package var model: String
  /// By the arm's name; arms that have answered none are missing.
  package var live: [String: RolloutStatus.Figures]
  package var shadow: [String: RolloutStatus.Figures]

  package init(model: String, live: [String: RolloutStatus.Figures], shadow: [String: RolloutStatus.Figures]) {
    self.model = model
    self.live = live
    self.shadow = shadow
  }
}
