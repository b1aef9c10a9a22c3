/// An upstream that can answer a request, as the playbook describes it: where it is, how to authenticate, what to send it.

package import TrafficSplit
package import Vendors

package struct Arm: Sendable, Equatable {
  package var name: String
  /// The vendor profile's name, such as `openrouter` or `litellm`.
  package var vendor: String
  package var url: ArmURL
  /// Absent on the baseline: the caller's own credentials pass through. Absent on a candidate: none are sent.
  package var key: Secret?
  /// What it is reached through; nil: nothing.
  package var proxy: ArmProxy?
  /// The header that carries `key`.
  package var authentication: Authentication
  /// Further headers a vendor needs for routing, in file order. Values may be secret.
  package var headers: [Header]
  /// Candidates only: which application models go to which of the arm's own.
  package var models: ModelMap
  /// Top-level body fields cut out of a request towards this arm: the vendor's policy and the playbook's.
  package var dropFields: [String]
  /// By the arm's own model id, in USD, its fee among them.
  package var prices: [String: Price]
  /// What answers state is multiplied by this: 1, and the fee that no answer tells of.
  package var costFactor: Double
  /// The share of its answers whose bill is asked for afterwards, where its vendor says what was billed; 0: none.
  package var reconcile = 0.0
  /// Candidates only: the operator's additions to what every candidate is sent.
  package var outgoing: OutgoingPolicy
  /// Person-days that moving to this arm takes, by the operator's own estimate; nil where none was given.
  package var effortDays: Double?

  package init(
    name: String, vendor: String, url: ArmURL, key: Secret? = nil, authentication: Authentication = .bearer,
    headers: [Header] = [], models: ModelMap = ModelMap(), dropFields: [String] = [], prices: [String: Price] = [:],
    costFactor: Double = 1, outgoing: OutgoingPolicy = OutgoingPolicy(), effortDays: Double? = nil
  ) {
    self.name = name
    self.vendor = vendor
    self.url = url
    self.key = key
    self.authentication = authentication
    self.headers = headers
    self.models = models
    self.dropFields = dropFields
    self.prices = prices
    self.costFactor = costFactor
    self.outgoing = outgoing
    self.effortDays = effortDays
  }

  /// The fields cut out of requests to its other endpoints.
  package var dropFieldsBesideChats: [String] { dropFields.filter { !outgoing.chatOnlyDrops.contains($0) } }

  /// Whether a field of a chat request reaches this arm under its own name.
  package func sends(field: String) -> Bool {
    guard !dropFields.contains(field) else { return false }
    guard let only = outgoing.vendor.only else { return true }
    return only.contains(field) || outgoing.keptFields.contains(field)
  }

  /// Whether all that goes to it goes by the operator's key: a baseline's configured header gives way to the caller's.
  package func hasOwnKey(isBaseline: Bool) -> Bool {
    if key != nil { return true }
    let carrier =
      switch authentication {
      case .bearer, .scheme: "authorization"
      case .header(let name): name
      }
    return !isBaseline && headers.contains { $0.name.lowercased() == carrier }
  }

  package struct Header: Sendable, Equatable {
    package var name: String
    package var value: Secret

    package init(name: String, value: Secret) {
      self.name = name
      self.value = value
    }
  }
}

/// A base URL taken apart once, when the playbook is read.
package struct ArmURL: Sendable, Equatable {
  package var isTLS: Bool
  /// A host name or address, IPv6 without brackets.
  package var host: String
  package var port: Int
  /// Begins with `/` or is empty; never ends with `/`. The rest of a request's path is appended to it.
  package var basePath: String

  package init(isTLS: Bool, host: String, port: Int, basePath: String) {
    self.isTLS = isTLS
    self.host = host
    self.port = port
    self.basePath = basePath
  }

  /// The `Host` header's value: the port only where it is not the scheme's own.
  package var authority: String {
    let shown = host.contains(":") ? "[\(host)]" : host
    return port == (isTLS ? 443 : 80) ? shown : "\(shown):\(port)"
  }

  package var description: String { "\(isTLS ? "https" : "http")://\(authority)\(basePath)" }
}

/// USD per million tokens, and of pictures and videos.
package struct Price: Sendable, Equatable {
  package var input: Double
  package var output: Double
  package var cachedInput: Double?
  package var cacheWrite: Double?
  package var media: MediaPrice?
  /// False where only pictures or videos have a price: what is unknown is not zero.
  package var isOfTokens = true

  package init(
    input: Double, output: Double, cachedInput: Double? = nil, cacheWrite: Double? = nil, media: MediaPrice? = nil
  ) {
    self.input = input
    self.output = output
    self.cachedInput = cachedInput
    self.cacheWrite = cacheWrite
    self.media = media
  }

  /// Of pictures and videos alone.
  package init(media: MediaPrice) {
    self.init(input: 0, output: 0, media: media)
    isOfTokens = false
  }
}

/// A value that must never be printed; every description is a row of asterisks.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The only way to the text, named so that its uses are easy to find.
  package let exposed: String

  package init(_ text: String) { exposed = text }

  package var description: String { "****" }
  package var debugDescription: String { "****" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
