/// How a probe goes about it: how often, how long, how much, and whether it may spend.

package import RolloutJudge

package struct ProbeSettings: Sendable {
  /// The number of questions of each kind, from which the medians are.
  package var requests: Int
  /// Whether questions may be asked that a vendor bills.
  package var maySpend: Bool
  /// PEM file of certificate authorities, in place of the system's.
  package var certificateAuthorities: String?
  /// Whether `http_proxy` and the like are followed; the sidecar itself never does.
  package var usesProxy: Bool
  package var connectTimeout: Duration
  /// The longest that one request may take, from looking up its name to its last byte.
  package var timeout: Duration
  /// The longest that a picture may take, from the request that creates its job; it is called off then.
  package var pictureTimeout: Duration
  /// The most bytes of one answer; a longer one is cut off there.
  package var answerBytes: Int
  /// The most bytes of one answer's head.
  package var headBytes: Int
  /// The instant that certificates are held against.
  package var now: Instant

  package init(
    requests: Int = 5, maySpend: Bool = false, certificateAuthorities: String? = nil, usesProxy: Bool = false,
    connectTimeout: Duration = .seconds(5), timeout: Duration = .seconds(20),
    pictureTimeout: Duration = .seconds(120), answerBytes: Int = 8 << 20,
    headBytes: Int = 64 << 10, now: Instant
  ) {
    self.requests = requests
    self.maySpend = maySpend
    self.certificateAuthorities = certificateAuthorities
    self.usesProxy = usesProxy
    self.connectTimeout = connectTimeout
    self.timeout = timeout
    self.pictureTimeout = pictureTimeout
    self.answerBytes = answerBytes
    self.headBytes = headBytes
    self.now = now
  }
}
