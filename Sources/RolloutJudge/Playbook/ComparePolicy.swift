/// How answers are compared, what is kept of them, and what is cut out of what is kept.

package import ResponseDiff

package struct ComparePolicy: Sendable, Equatable {
  package var rules: ComparisonRules
  /// Pairs compared a second at most; which ones does not depend on their answers.
  package var perSecond: Int
  /// Asks an embeddings endpoint whether two texts mean the same; nil: it is not asked.
  package var semantic: SemanticCheck?
  /// nil: `samples: off`, nothing is stored.
  package var samples: SamplePolicy?
  /// Regular expressions of what is blotted out of stored bodies, beyond the built-in ones (keys, e-mail, phone and card
  /// numbers).
  package var redact: [String]

  package init(
    rules: ComparisonRules = ComparisonRules(), perSecond: Int = 50, semantic: SemanticCheck? = nil,
    samples: SamplePolicy? = SamplePolicy(), redact: [String] = []
  ) {
    self.rules = rules
    self.perSecond = perSecond
    self.semantic = semantic
    self.samples = samples
    self.redact = redact
  }
}

/// An OpenAI-compatible embeddings endpoint, asked off the live path.
package struct SemanticCheck: Sendable, Equatable {
  package var url: ArmURL
  package var model: String
  package var key: Secret?
  /// 0…1: the cosine below which two texts mean something else.
  package var atLeast: Double
  /// Share of compared pairs that it is asked about.
  package var share: Double

  package init(url: ArmURL, model: String, key: Secret? = nil, atLeast: Double = 0.85, share: Double = 0.05) {
    self.url = url
    self.model = model
    self.key = key
    self.atLeast = atLeast
    self.share = share
  }
}

/// How many compared pairs are kept in the store: the most different, and a uniform sample.
package struct SamplePolicy: Sendable, Equatable {
  /// Most different pairs kept, for each candidate.
  package var different: Int
  /// Pairs of the uniform sample kept, for each candidate.
  package var uniform: Int
  /// Of each body.
  package var bodyBytes: Int
  package var maxAge: Duration
  /// Of all samples together.
  package var maxBytes: Int

  package init(
    different: Int = 200, uniform: Int = 200, bodyBytes: Int = 64 << 10, maxAge: Duration = .seconds(30 * 86_400),
    maxBytes: Int = 64 << 20
  ) {
    self.different = different
    self.uniform = uniform
    self.bodyBytes = bodyBytes
    self.maxAge = maxAge
    self.maxBytes = maxBytes
  }
}
