/// Where the attempts of equal labels are counted, so that names are looked up once and not for every attempt.

import RolloutJudge

/// Labels are interned by the event loops and shared by exchanges that are alike; they are kept here as long as their
/// route is, so that an address is never another's.
struct AccountRoutes: Sendable {
  struct Route: Sendable {
    let labels: ExchangeLabels
    var model: Int
    /// By the playbook's tags.
    var tags: [Int]
    /// In `RequestShapes`; nil beyond its limit.
    var shape: Int?
  }

  private static let limit = 8192
  private var routes: [ObjectIdentifier: Route] = [:]

  subscript(labels: ExchangeLabels) -> Route? { routes[ObjectIdentifier(labels)] }

  mutating func insert(_ route: Route) {
    if routes.count >= Self.limit { routes.removeAll(keepingCapacity: true) }
    routes[ObjectIdentifier(route.labels)] = route
  }

  mutating func forget() { routes.removeAll() }
}
