/// A model that an arm says has answered in place of the one that it was asked for: a silent downgrade, or an alias.

package struct OtherModel: Sendable, Codable, Equatable {
  package var arm: String
  package var asked: String
  package var served: String
  package var attempts: Int

  package init(arm: String, asked: String, served: String, attempts: Int) {
    self.arm = arm
    self.asked = asked
    self.served = served
    self.attempts = attempts
  }
}
