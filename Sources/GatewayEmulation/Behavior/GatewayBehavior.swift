/// How an emulated gateway answers: its vendor's manners, its speed, its mistakes; replaced as a whole while it serves.

/// Whose manners the gateway has.
package enum VendorShape: String, Sendable, CaseIterable {
  /// Comments, `gen-` ids, `X-Generation-Id`, usage with cost always, `{"error":{"code":…,"metadata":…}}`.
  case openrouter
  /// `chatcmpl-` ids, usage in a stream only on request, cost in a header of unstreamed answers.
  case litellm
  /// Usage in a stream only on request, no cost anywhere, as OpenAI.
  case openai
}

/// Where the words of an answer come from.
package enum AnswerSource: String, Sendable, CaseIterable {
  /// Words from `seed` and the request's number: no two requests get the same text.
  case requestNumber = "request-number"
  /// Words from the prompt alone: two gateways give the same prompt the same text, whatever their seeds.
  case prompt
}

/// The way one gateway treats its next request. Rates are fractions from 0 to 1; at most one of them strikes a request.
package struct GatewayBehavior: Sendable, Equatable {
  package var vendor: VendorShape
  /// What its vendor refuses, and how; nil refuses no request for what is in it.
  package var row: VendorRow?
  /// To the first byte, or to the first token of a stream (OpenRouter sends its head and comments at once).
  package var latency: LatencyShape
  /// The share of requests refused with `errorStatus`.
  package var errorRate: Double
  package var errorStatus: Int
  /// The `Retry-After` of those refusals; nil sends none.
  package var errorRetryAfterSeconds: Int?
  /// How long a refusal takes; nil takes `latency`.
  package var errorLatency: LatencyShape?
  /// The share that gets an error under status 200: as JSON, or as an event of a stream.
  package var inBodyErrorRate: Double
  /// The share whose answer ends without finish reason or terminal event.
  package var incompleteRate: Double
  /// The share that finishes without content.
  package var emptyRate: Double
  /// The fault of `faultRate` of the requests that no rate above struck.
  package var fault: Fault
  package var faultRate: Double
  /// The first so many requests get `errorStatus`.
  package var failFirst: Int?
  /// The exact fault of each request in order; after the last one the rates hold.
  package var script: [Fault]?
  /// Content events of a stream; nil makes one per word.
  package var streamEventCount: Int?
  package var streamEventInterval: Duration
  /// Comment lines that open an OpenRouter stream.
  package var leadingComments: Int
  /// Repeats the comment while the first token is awaited; nil does not.
  package var commentInterval: Duration?
  package var answerWords: Int
  package var answerSource: AnswerSource
  /// With `answerSource` `.prompt`: the share of answers that differ all the same.
  package var divergenceRate: Double
  /// 0…1, as a sampling temperature: how freely the same content is worded every time. At 0 the words are always the
  /// same; tool calls always are.
  package var variety: Double
  /// Each strikes its share of the answers that could have it, independently of the others and of the rates above.
  package var mistakes: [MistakeShare]
  package var usdPerPromptToken: Double
  package var usdPerCompletionToken: Double
  /// The fraction of prompt tokens reported as read from a cache.
  package var cachedPromptShare: Double
  /// Compresses bodies for clients that accept gzip.
  package var gzip: Bool
  /// Listed by `GET models`.
  package var models: [String]
  /// Answers 400 to a model that is not in `models`.
  package var refusesUnknownModels: Bool
  /// Where set, a request without this bearer token or `x-api-key` gets 401.
  package var requireKey: String?
  /// What it does with the jobs of a media vendor.
  package var jobs: JobManners
  /// What an OpenRouter says afterwards of its answers.
  package var bills = BillManners()
  package var seed: UInt64
  /// The changes that this behavior goes through, one after the other.
  package var changes: [BehaviorChange]

  package init(
    vendor: VendorShape = .openrouter, row: VendorRow? = nil, latency: LatencyShape = .fixed(.zero),
    errorRate: Double = 0, errorStatus: Int = 500, errorRetryAfterSeconds: Int? = nil,
    errorLatency: LatencyShape? = nil,
    inBodyErrorRate: Double = 0, incompleteRate: Double = 0, emptyRate: Double = 0,
    fault: Fault = .none, faultRate: Double = 1, failFirst: Int? = nil, script: [Fault]? = nil,
    streamEventCount: Int? = nil, streamEventInterval: Duration = .zero,
    leadingComments: Int = 1, commentInterval: Duration? = nil,
    answerWords: Int = 12, answerSource: AnswerSource = .requestNumber, divergenceRate: Double = 0,
    variety: Double = 0, mistakes: [MistakeShare] = [],
    usdPerPromptToken: Double = 1e-6, usdPerCompletionToken: Double = 4e-6, cachedPromptShare: Double = 0,
    gzip: Bool = false, models: [String] = GatewayBehavior.defaultModels, refusesUnknownModels: Bool = false,
    requireKey: String? = nil, jobs: JobManners = JobManners(), seed: UInt64 = 1, changes: [BehaviorChange] = []
  ) {
    self.vendor = vendor
    self.row = row
    self.latency = latency
    self.errorRate = errorRate
    self.errorStatus = errorStatus
    self.errorRetryAfterSeconds = errorRetryAfterSeconds
    self.errorLatency = errorLatency
    self.inBodyErrorRate = inBodyErrorRate
    self.incompleteRate = incompleteRate
    self.emptyRate = emptyRate
    self.fault = fault
    self.faultRate = faultRate
    self.failFirst = failFirst
    self.script = script
    self.streamEventCount = streamEventCount
    self.streamEventInterval = streamEventInterval
    self.leadingComments = leadingComments
    self.commentInterval = commentInterval
    self.answerWords = answerWords
    self.answerSource = answerSource
    self.divergenceRate = divergenceRate
    self.variety = variety
    self.mistakes = mistakes
    self.usdPerPromptToken = usdPerPromptToken
    self.usdPerCompletionToken = usdPerCompletionToken
    self.cachedPromptShare = cachedPromptShare
    self.gzip = gzip
    self.models = models
    self.refusesUnknownModels = refusesUnknownModels
    self.requireKey = requireKey
    self.jobs = jobs
    self.seed = seed
    self.changes = changes
  }

  package static let defaultModels = ["anthropic/claude-opus-4.7", "deepseek/deepseek-v3.2", "openai/gpt-5-mini"]
}

/// A step of a schedule: the gateway degrades, or recovers, by itself.
package struct BehaviorChange: Sendable, Equatable {
  /// Counted from when the schedule's first behavior was set.
  package enum Trigger: Sendable, Equatable {
    case elapsed(Duration)
    /// After so many requests the next one is answered the new way.
    case requests(Int)
  }

  package var after: Trigger
  /// Its own `changes` are not followed.
  package var behavior: GatewayBehavior

  package init(after: Trigger, behavior: GatewayBehavior) {
    self.after = after
    self.behavior = behavior
  }
}
