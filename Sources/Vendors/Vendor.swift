/// What one vendor needs to be called by an application that speaks OpenRouter: where, how, with which fields, and how sure
/// that is. A row of data; the playbook overrides every part of it.

package import Dialects
package import MediaJobs
package import TrafficSplit

package struct Vendor: Sendable {
  package var name: String
  /// What people write in its place, in small letters.
  package var otherNames: [String]
  /// What a request's path after `/v1/` is appended to; nil where every installation has its own.
  package var baseURL: String?
  package var authentication: Authentication
  /// The environment variable its key usually is in; for messages only, nothing is read from it.
  package var keyVariable: String?
  /// Fixed headers it needs, none of them secret.
  package var headers: [(name: String, value: String)]
  /// Whether it answers text; one that does not makes pictures and videos, by jobs.
  package var answersText: Bool
  /// The way to each of its endpoints.
  private var routes: [Endpoint: Route]
  /// Its own paths of the endpoints that have several, after `/v1/`.
  private var paths: [Endpoint: String]
  package var fields: FieldPolicy
  /// The policies for requests that are no chats and have words of their own.
  package var mediaFields: [Endpoint: FieldPolicy]
  /// What it has of what some vendors have not; a request that needs more stays on the baseline.
  package var carries: Set<Capability>
  package var cost: CostPlace
  /// Where it says afterwards what an answer was billed; nil where nowhere.
  package var bill: BillPlace?
  package var modelRule: ModelRule
  package var trust: Trust
  /// What an operator should know before the first request.
  package var remark: String?
  /// The way in which it makes pictures and videos, where it does so by jobs.
  package var jobs: JobRow?

  package init(
    _ name: String, _ baseURL: String?, otherNames: [String] = [], authentication: Authentication = .bearer,
    keyVariable: String?, headers: [(name: String, value: String)] = [], answersText: Bool = true,
    routes: [Endpoint: Route] = [:], absent: [Endpoint] = [], images: String? = nil, videos: String? = nil,
    fields: FieldPolicy = .lenient, pictures: FieldPolicy = .openAIPictures, videoFields: FieldPolicy = .openAIVideos,
    carries: Set<Capability> = Capability.usual, cost: CostPlace = .derived, bill: BillPlace? = nil,
    models: ModelRule = .identity, jobs: JobRow? = nil, trust: Trust, remark: String? = nil
  ) {
    self.name = name
    self.otherNames = otherNames
    self.baseURL = baseURL
    self.authentication = authentication
    self.keyVariable = keyVariable
    self.headers = headers
    self.answersText = answersText
    self.routes = routes
    // Pictures and videos are nothing that a gateway has unless somebody says so.
    let paths = [Endpoint.images: images, .videos: videos].compactMapValues(\.self)
    let media = [Endpoint.images, .videos].filter { paths[$0] == nil }
    self.paths = paths
    for endpoint in answersText ? absent + media : Endpoint.allCases { self.routes[endpoint] = .absent }
    self.fields = fields
    mediaFields = [.images: pictures, .videos: videoFields]
    self.carries = carries
    self.cost = cost
    self.bill = bill
    modelRule = models
    self.jobs = jobs
    self.trust = trust
    self.remark = remark
  }

  /// Whether something of an application's traffic can go to it.
  package var canBeArm: Bool { answersText || jobs != nil }

  /// All that people write for it.
  package var names: [String] { [name] + otherNames }

  package func route(to endpoint: Endpoint) -> Route { routes[endpoint] ?? .native }

  /// The path of an endpoint there, after `/v1/`.
  package func path(of endpoint: Endpoint) -> String { paths[endpoint] ?? endpoint.paths[0] }

  /// The endpoints that there are none of at its base URL.
  package var absent: [Endpoint] { Endpoint.allCases.filter { route(to: $0) == .absent } }

  /// Whether its answers state their cost in USD; without, the playbook's `prices` are needed.
  package var reportsCost: Bool { cost != .derived }
}

/// The way from an application's endpoint to a vendor's.
package enum Route: Sendable, Equatable {
  /// The vendor has the endpoint, in the same dialect.
  case native
  /// It answers at another of its endpoints, whose dialect is translated.
  case translated(to: Endpoint)
  case absent
}

/// How an arm takes its key.
package enum Authentication: Sendable, Equatable {
  /// `Authorization: Bearer KEY`
  case bearer
  /// `NAME: KEY`, such as `x-api-key` or `x-portkey-api-key`
  case header(String)
  /// `Authorization: SCHEME KEY`, such as fal.ai's `Key`
  case scheme(String)
}

/// The place where answers state what they cost, in USD.
package enum CostPlace: String, Sendable {
  case usageCost = "usage.cost"
  /// Of answers that are not streamed; in streams `usage.cost`.
  case liteLLMHeader = "x-litellm-response-cost, usage.cost in streams"
  case cost = "cost"
  case ticks = "usage.cost_in_usd_ticks"
  /// Nowhere: tokens times the playbook's prices.
  case derived = "not in its answers: tokens times the playbook's prices"
}

/// The way from OpenRouter's model id to the vendor's, for people who write a map; nothing is guessed from it.
package enum ModelRule: String, Sendable {
  case identity = "the same id"
  case bare = "without the vendor before the slash"
  case bareDash = "without the vendor before the slash, claude's dots as dashes"
  case vendorDash = "with the vendor, claude's dots as dashes"
  case huggingFace = "as on Hugging Face, upper case and all: see its catalogue"
  case fireworks = "accounts/fireworks/models/ and the name in small letters, dots as p: see its catalogue"
  case ownNames = "the names of its own configuration"
  case table = "names of its own: see its catalogue"
}

/// How sure a fact of a row is.
package enum Mark: String, Sendable, Comparable {
  /// Run here, bytes seen.
  case tried
  /// Read in the vendor's own client.
  case client
  /// In the vendor's documentation.
  case documented
  /// Read in another gateway's adapter for the vendor, which runs in production.
  case adapter
  /// Seen in several independent repositories.
  case seen
  /// Convention, found in no writing: look before you rely on it, and say what is so in the playbook.
  case guess

  private var rank: Int {
    switch self {
    case .tried: 0
    case .client: 1
    case .documented: 2
    case .adapter: 3
    case .seen: 4
    case .guess: 5
    }
  }

  package static func < (one: Mark, other: Mark) -> Bool { one.rank < other.rank }
}

/// How sure the parts of a row are.
package struct Trust: Sendable, Equatable {
  package var address: Mark
  package var key: Mark
  package var endpoints: Mark
  package var fields: Mark
  package var cost: Mark

  package init(
    address: Mark, key: Mark? = nil, endpoints: Mark? = nil, fields: Mark? = nil, cost: Mark? = nil
  ) {
    self.address = address
    self.key = key ?? address
    self.endpoints = endpoints ?? address
    self.fields = fields ?? address
    self.cost = cost ?? address
  }

  /// By their names, in reading order.
  package var parts: [(name: String, mark: Mark)] {
    [("address", address), ("key", key), ("endpoints", endpoints), ("fields", fields), ("cost", cost)]
  }

  package var least: Mark { parts.map(\.mark).max() ?? .guess }
}
