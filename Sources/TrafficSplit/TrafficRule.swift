/// A playbook rule: requests that match get the rule's weights whatever the stage says.

package struct TrafficRule: Sendable, Equatable {
  /// All must match.
  package var match: [Matcher]
  /// Share by candidate index.
  package var weights: [Double]
  /// Share of the matching requests that is copied, by candidate index, in stages that copy any; nil: the stage's own,
  /// but nothing to a candidate whose weight here is 0.
  package var shadow: [Double]?

  package init(match: [Matcher], weights: [Double], shadow: [Double]? = nil) {
    self.match = match
    self.weights = weights
    self.shadow = shadow
  }

  package struct Matcher: Sendable, Equatable {
    package var attribute: Attribute
    package var glob: Glob

    package init(attribute: Attribute, glob: Glob) {
      self.attribute = attribute
      self.glob = glob
    }
  }

  package enum Attribute: Sendable, Hashable {
    case model
    /// The request's path without its query, as the application sent it.
    case path
    /// A header, by lower-case name.
    case header(String)
    /// A field of the body, by dotted path.
    case body(String)
  }
}
