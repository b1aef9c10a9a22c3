/// What figures and budgets can be broken down by, and what may be spent.

package import TrafficSplit

/// A property of a request that the operator names, such as the team that sent it.
package struct Tag: Sendable, Equatable {
  package var name: String
  package var source: Source

  package enum Source: Sendable, Equatable {
    /// Lower-case header name.
    case header(String)
    /// A scalar of the request's body, by its path.
    case body(String)
  }

  /// Distinct values of one tag that are told apart; further ones are counted together as `otherValue`.
  package static let valueLimit = 100
  package static let otherValue = "(other)"

  package init(name: String, source: Source) {
    self.name = name
    self.source = source
  }
}

/// What one candidate may cost in a day (UTC), live and shadow together. Spent: the baseline answers, and nothing is
/// copied.
package struct Budget: Sendable, Equatable {
  package var arm: ArmIndex
  /// Restricts it to the exchanges with this tag; nil: all of the arm's.
  package var tag: TagValue?
  package var dollarsPerDay: Double

  package struct TagValue: Sendable, Equatable, Hashable {
    /// Index in `Playbook.tags`.
    package var tag: Int
    package var value: String

    package init(tag: Int, value: String) {
      self.tag = tag
      self.value = value
    }
  }

  package init(arm: ArmIndex, tag: TagValue? = nil, dollarsPerDay: Double) {
    self.arm = arm
    self.tag = tag
    self.dollarsPerDay = dollarsPerDay
  }
}
