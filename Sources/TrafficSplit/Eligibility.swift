/// Says which requests stay on the baseline, live and as copies, and why; decided before shares are drawn.

package import Dialects

/// Why a request may not go to a candidate. Requests that cannot be carried faithfully, would happen twice, or need
/// something where the candidate cannot see it are not sent.
package enum Ineligibility: String, Sendable, CaseIterable, Codable {
  /// The request asks something of its provider that this candidate has not promised.
  case privacyDemand = "privacy_demand"
  /// The vendor does not have the endpoint, or not as a stream.
  case endpointAbsent = "endpoint_absent"
  case modelUnmapped = "model_unmapped"
  /// The model was taken back from this candidate, which keeps the others.
  case modelRolledBack = "model_rolled_back"
  /// A variant or alias of OpenRouter's under a line that does not name it.
  case modelVariant = "model_variant"
  case severalChoices = "several_choices"
  case logprobs
  case webPlugin = "web_plugin"
  case fallbackList = "fallback_list"
  case contentPart = "content_part"
  /// A schema, a choice of tools, or a picture's size or number, that the vendor cannot be bound to.
  case schemaNotExpressible = "schema_not_expressible"
  /// An earlier tool call's arguments are no JSON object.
  case toolArguments = "tool_arguments"
  /// A tool's result without its call, or the other way round.
  case orphanToolResult = "orphan_tool_result"
  /// The conversation ends with the assistant's own words, and the model does not go on from them.
  case prefill
  case samplingRefused = "sampling_refused"
  /// Earlier thinking has to be sent along, and its signed blocks are not there.
  case thinkingUnsigned = "thinking_unsigned"
  case serverTools = "server_tools"
  case storedState = "stored_state"
  case tooLarge = "too_large"
  /// The body is not plain JSON: nothing in it can be looked at or replaced.
  case unreadable
}

/// Which traits and endpoints keep requests from a candidate.
package struct EligibilityPolicy: Sendable, Equatable {
  /// A request with one of these stays away.
  package private(set) var refused: RequestTraits
  /// Lines of the model map need not name a variant: the candidate is OpenRouter itself.
  package private(set) var knowsVariants: Bool
  /// One bit for each endpoint that the vendor does not have.
  private var absent: UInt8 = 0
  /// One bit for each endpoint that it answers in another dialect.
  private var translated: UInt8 = 0
  private var jobs: JobKinds = []
  private var lacks: [ModelLack] = []
  /// What the playbook says that it has not, however it would make it.
  fileprivate var missing: RequestTraits = []

  /// - Parameters:
  ///   - keeps: demands that the candidate honours by contract.
  ///   - carries: what its vendor has of what some have not.
  ///   - without: what the playbook says that it has not.
  package init(
    keeps: Set<Demand> = [], carries: Set<Capability> = Capability.usual, absent: [Endpoint] = [],
    translated: [Endpoint] = [], jobs: JobKinds = [], lacks: [ModelLack] = [], without: Set<Capability> = []
  ) {
    self.lacks = lacks
    for capability in without { missing.formUnion(capability.traits) }
    refused = RequestTraits.refusedByAll.union(.refusedByMost)
    for demand in keeps { refused.subtract(demand.traits) }
    for capability in carries { refused.subtract(capability.traits) }
    knowsVariants = carries.contains(.openRouter)
    for endpoint in absent { self.absent |= 1 << endpoint.number }
    for endpoint in translated { self.translated |= 1 << endpoint.number }
    self.jobs = jobs
  }

  /// Demands that do not keep requests away, in the playbook's order.
  package var keeps: [Demand] { Demand.allCases.filter { refused.isDisjoint(with: $0.traits) } }

  /// Why requests stay away, by what they ask for; the gravest first.
  package var reasons: [Ineligibility] {
    RequestTraits.reasons.filter { !refused.isDisjoint(with: $0.0) || !knowsVariants && $0.1 == .modelVariant }.map(\.1)
  }

  /// Not all of the candidate's models have the same.
  var mindsModels: Bool { !lacks.isEmpty }

  /// Not all endpoints are alike.
  var mindsEndpoints: Bool { absent | translated != 0 || !jobs.isEmpty }

  package func translates(_ endpoint: Endpoint) -> Bool { translated >> endpoint.number & 1 == 1 }

  /// Whether what is asked for is made by a job.
  package func worksByJobs(_ endpoint: Endpoint, _ traits: RequestTraits) -> Bool {
    guard !jobs.isEmpty else { return false }
    switch endpoint {
    case .chatCompletions: return jobs.contains(.pictures) && traits.contains(.pictures)
    case .images: return jobs.contains(.pictures)
    case .videos: return jobs.contains(.videos)
    default: return false
    }
  }

  /// The policy for one of the candidate's models, by all its names.
  func policy(for models: String?...) -> EligibilityPolicy {
    guard !lacks.isEmpty else { return self }
    var policy = self
    for lack in lacks where models.contains(where: { $0.map(lack.models.concerns) ?? false }) {
      policy.refused.formUnion(lack.traits)
    }
    return policy
  }

  package func lacks(_ endpoint: Endpoint) -> Bool { absent >> endpoint.number & 1 == 1 }
}

/// The things that a vendor makes by jobs.
package struct JobKinds: OptionSet, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let pictures = JobKinds(rawValue: 1 << 0)
  package static let videos = JobKinds(rawValue: 1 << 1)
}

/// A demand of applications on a provider, by the words of a playbook's `keeps`.
package enum Demand: String, Sendable, CaseIterable {
  case zeroRetention = "zdr"
  case dataCollection = "data_collection"
  case only, ignore, region
  case distillableText = "distillable_text"

  package var traits: RequestTraits {
    switch self {
    case .zeroRetention: .zeroRetention
    case .dataCollection: .noDataCollection
    case .only: .onlyProviders
    case .ignore: .ignoredProviders
    case .region: .region
    case .distillableText: .distillableText
    }
  }
}

/// A capability that some vendors have and others have not.
package enum Capability: String, Sendable, CaseIterable {
  /// Everything of OpenRouter's own: it is OpenRouter.
  case openRouter = "openrouter"
  case audio, files, choices, logprobs
  /// The model can be bound to a tool's call.
  case boundToolChoice = "tool_choice"
  /// A schema for the answer beside tools, or in a stream.
  case schemaWithTools = "schema_with_tools"
  /// Pictures in a chat's answer.
  case pictures
  /// Of the images endpoint: events while a picture is made, pictures to begin from, sizes, OpenRouter's words for them.
  case pictureStreams = "picture_streams"
  case pictureReferences = "picture_references"
  case pictureSizes = "picture_sizes"
  case pictureShapes = "picture_shapes"

  /// Those that a playbook can speak of, one by one.
  package static let named = allCases.filter { $0 != .openRouter }

  /// Those of a lab or a host of models that answers text.
  package static let text: Set<Capability> = [
    .choices, .logprobs, .boundToolChoice, .schemaWithTools, .pictureSizes,
  ]
  /// Those of a gateway that nothing is known about, which passes on what it is asked.
  package static let usual = text.union([.pictures])

  package var traits: RequestTraits {
    switch self {
    case .openRouter:
      [
        .zeroRetention, .noDataCollection, .onlyProviders, .ignoredProviders, .region, .distillableText, .webPlugin,
        .fallbackList, .modelRouter, .audioPart, .filePart, .videoPart, .pictureStream, .pictureReference,
        .pictureSize, .pictureShape, .oddAmount,
      ]
    case .audio: .audioPart
    case .files: .filePart
    case .choices: .severalChoices
    case .logprobs: .logprobs
    case .boundToolChoice: .boundToolChoice
    case .schemaWithTools: .schemaWithTools
    case .pictures: .pictures
    case .pictureStreams: .pictureStream
    case .pictureReferences: .pictureReference
    case .pictureSizes: .pictureSize
    case .pictureShapes: .pictureShape
    }
  }
}

extension RequestTraits {
  /// It would happen twice, or lies with the vendor that the application has talked to.
  static let refusedByAll: RequestTraits = [.serverTools, .storedState]
  /// Nobody but OpenRouter does it, or has promised it.
  static let refusedByMost: RequestTraits = [
    .zeroRetention, .noDataCollection, .onlyProviders, .ignoredProviders, .region, .distillableText, .webPlugin,
    .fallbackList, .modelRouter, .audioPart, .filePart, .videoPart, .severalChoices, .logprobs, .boundToolChoice,
    .schemaWithTools, .pictures, .pictureStream, .pictureReference, .pictureSize, .pictureShape, .oddAmount,
  ]

  /// What a picture can be asked for with.
  fileprivate static let ofPictures: RequestTraits = [
    .pictures, .severalChoices, .pictureStream, .pictureReference, .pictureSize, .pictureShape,
  ]

  /// The gravest of what is here.
  var reason: Ineligibility? { Self.reasons.first { !isDisjoint(with: $0.0) }?.1 }

  /// The gravest first.
  fileprivate static let reasons: [(RequestTraits, Ineligibility)] =
    [
      (
        [.zeroRetention, .noDataCollection, .onlyProviders, .ignoredProviders, .region, .distillableText],
        .privacyDemand
      ),
      (.serverTools, .serverTools), (.storedState, .storedState), (.webPlugin, .webPlugin),
      (.modelRouter, .modelVariant), (.fallbackList, .fallbackList),
      ([.audioPart, .filePart, .videoPart, .pictures, .pictureReference], .contentPart),
      (.severalChoices, .severalChoices),
      (.logprobs, .logprobs),
      ([.boundToolChoice, .schemaWithTools, .pictureSize, .pictureShape, .oddAmount], .schemaNotExpressible),
      (.pictureStream, .endpointAbsent),
    ]
}

/// Why a request stays away from a candidate that serves its model; nil where it may go.
///
/// - Parameters:
///   - namesVariant: whether the line that maps the model says so for this variant of it.
package func ineligibility(
  of traits: RequestTraits, on endpoint: Endpoint?, for policy: EligibilityPolicy, namesVariant: Bool
) -> Ineligibility? {
  let isJob = endpoint.map { policy.worksByJobs($0, traits) } ?? false
  if let endpoint, policy.lacks(endpoint), !isJob { return .endpointAbsent }
  if traits.isEmpty { return nil }
  // Whether a job can be asked for it, and in which words, is its form's to say.
  let refused = isJob ? policy.refused.subtracting(.ofPictures).union(policy.missing) : policy.refused
  if let reason = traits.intersection(refused).reason { return reason }
  return traits.contains(.modelVariant) && !policy.knowsVariants && !namesVariant ? .modelVariant : nil
}
