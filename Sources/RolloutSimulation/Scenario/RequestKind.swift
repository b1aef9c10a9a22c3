/// One kind of request among those that arrive: what it looks like to the split, and what the arms do otherwise with it.

package struct RequestKind: Sendable, Equatable {
  /// A fraction of all requests; those of all kinds sum to 1.
  package var share: Double
  /// Nil: one that most candidates serve.
  package var model: String?
  package var path: String?
  /// By lower-case name.
  package var headers: [String: String]
  /// By dotted path.
  package var body: [String: String]
  package var baseline: PartialBehavior
  package var candidate: PartialBehavior

  package init(
    share: Double, model: String? = nil, path: String? = nil, headers: [String: String] = [:],
    body: [String: String] = [:], baseline: PartialBehavior = PartialBehavior(),
    candidate: PartialBehavior = PartialBehavior()
  ) {
    self.share = share
    self.model = model
    self.path = path
    self.headers = headers
    self.body = body
    self.baseline = baseline
    self.candidate = candidate
  }
}
