/// The fleet's part of `GET /status`: which processes steer this rollout together, and what one of them last heard of the others.

package struct FleetStatus: Sendable, Equatable, Codable {
  /// The one that answers.
  package var replica: String
  /// Nothing has been heard of the shared store for `staleAfter`: all that is said of others is as old.
  package var isStale: Bool
  /// Milliseconds since the store was last heard of; nil: never.
  package var heardAgo: Double?
  package var replicas: [Replica]

  package static let staleAfter = Duration.seconds(3)

  package struct Replica: Sendable, Equatable, Codable {
    package var name: String
    /// Tells two runs of one name apart.
    package var run: String
    package var version: String
    /// Milliseconds, by the store's clock, when it was last heard of.
    package var lastSeen: Double
    package var requests: Int
    /// Decisions that it has not taken yet.
    package var lag: Int
    package var decides: Bool
    /// Whether it follows the playbook of the one that answers.
    package var isJoined: Bool

    package init(
      name: String, run: String, version: String, lastSeen: Double, requests: Int, lag: Int, decides: Bool,
      isJoined: Bool
    ) {
      self.name = name
      self.run = run
      self.version = version
      self.lastSeen = lastSeen
      self.requests = requests
      self.lag = lag
      self.decides = decides
      self.isJoined = isJoined
    }

    enum CodingKeys: String, CodingKey {
      case name, run, version, requests, lag, decides
      case lastSeen = "last_seen"
      case isJoined = "joined"
    }
  }

  package init(replica: String, isStale: Bool, heardAgo: Double?, replicas: [Replica]) {
    self.replica = replica
    self.isStale = isStale
    self.heardAgo = heardAgo
    self.replicas = replicas
  }

  enum CodingKeys: String, CodingKey {
    case replica, replicas
    case isStale = "stale"
    case heardAgo = "heard_ago"
  }
}
