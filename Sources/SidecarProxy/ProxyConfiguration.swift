/// Where the proxy listens and what it may use: every limit has a name here and a counter in `ProxyCounters`.

import Listening
import RolloutJudge

package struct ProxyConfiguration: Sendable {
  package var host: String
  /// 0 takes any free port.
  package var port: Int
  /// Event loops; one carries tens of thousands of requests a second.
  package var threads: Int
  package var limits: ProxyLimits
  /// PEM file of further certificate authorities that arms may be verified against.
  package var certificateAuthorities: String?
  /// The user agent that candidates are told in place of the callers' own.
  package var userAgent: String
  /// How the arms' names are looked up.
  var lookUp: ArmAddresses.Ask = NameLookup.start
  /// Descriptors that the process may have and has already; nil: as the system says at the start.
  package var descriptors: (limit: Int, inUse: Int)?

  package init(
    host: String = "127.0.0.1", port: Int = 8787, threads: Int = 1, limits: ProxyLimits = ProxyLimits(),
    certificateAuthorities: String? = nil, userAgent: String = "crossfade"
  ) {
    self.host = host
    self.port = port
    self.threads = threads
    self.limits = limits
    self.certificateAuthorities = certificateAuthorities
    self.userAgent = userAgent
  }
}

extension ProxyConfiguration {
  /// The process's descriptors that traffic may have.
  func budget(_ playbook: Playbook) -> DescriptorBudget {
    let arms = 1 + playbook.candidates.count
    let copies = max(playbook.shadow.maxInFlight, threads) * arms
    return DescriptorBudget(
      limit: descriptors?.limit ?? DescriptorTable.limit, inUse: descriptors?.inUse ?? DescriptorTable.open,
      asked: DescriptorDemand(
        clients: limits.clientConnections + ProxyLimits.refusals, live: limits.upstreamConnections * threads * arms,
        copies: copies))
  }
}

package struct ProxyLimits: Sendable {
  /// Client connections, over all loops.
  package var clientConnections = 10_000
  /// Connections to one arm, for each loop, live and shadow apart.
  package var upstreamConnections = 10_000
  /// A client that has begun a request must finish its head within this.
  package var headTime: Duration = .seconds(60)
  /// An idle client connection is closed after this.
  package var clientIdle: Duration = .seconds(600)
  /// An unused upstream connection is closed after this.
  package var upstreamIdle: Duration = .seconds(60)
  /// A kept connection that closes so soon after a request, or within the time that it took to connect, was closed before
  /// it; later the arm may have begun to act on the request, which is then not sent again.
  package var staleWithin: Duration = .milliseconds(20)
  /// It must also have been idle for so long, or for as long as its arm has been seen to keep one.
  package var staleIdle: Duration = .seconds(1)
  /// The time that a client that does not say is taken to wait for a sign of life from the baseline.
  package var clientPatience: Duration = .seconds(600)
  /// Bytes of canaries' answers held back until their first token, for each loop; beyond it they pass.
  package var heldBytes = 64 << 20
  /// Bytes of requests kept until their answer begins, for each loop; beyond it a body passes through to the baseline.
  package var keptBodyBytes = 256 << 20
  /// Bytes of copied requests and answers held for shadows, for each loop.
  package var shadowBytes = 64 << 20
  /// Bytes of one shadow's answer that are read before it is cut off as a flood.
  package var shadowAnswerBytes = 4 << 20
  /// Bytes of one answer that are kept to be compared; it is cut there.
  package var comparedAnswerBytes = 256 << 10
  /// Bytes of exchanges kept until their last copy has ended, for each loop; beyond it they are not compared.
  package var comparisonBytes = 16 << 20
  /// Bytes that a client may send ahead of the answer to its last request.
  package var pipelinedBytes = 64 << 10
  /// How long open exchanges may take to finish once draining began.
  package var drainTime: Duration = .seconds(30)

  package init() {}

  /// Client connections over their limit that are told so at the same time; beyond it they are not accepted yet.
  static let refusals = 256
}
