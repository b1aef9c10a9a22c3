/// Reads what a request asks for beyond an answer: demands on the provider, plugins, fallbacks, stored state.

extension RequestReader {
  /// Every duplicate counts: what one server reads may be what another does not.
  static func noteTraits(_ name: RequestName, _ value: Range<Int>, _ body: RawSpan, _ facts: inout RequestFacts) {
    switch name {
    case .provider: facts.traits.formUnion(demands(body, value))
    case .plugins: facts.traits.formUnion(plugins(body, value))
    case .models: if says(body, value) { facts.traits.insert(.fallbackList) }
    // A text is a picture's background.
    case .background: if body.byte(at: value.lowerBound) == UInt8(ascii: "t") { facts.traits.insert(.storedState) }
    case .store, .previousResponseID, .conversation, .container, .preset:
      if says(body, value) { facts.traits.insert(.storedState) }
    // A template that the vendor keeps; a text or a list is what it says.
    case .prompt: if body.byte(at: value.lowerBound) == UInt8(ascii: "{") { facts.traits.insert(.storedState) }
    case .n: if (count(body, value) ?? 0) > 1 { facts.traits.insert(.severalChoices) }
    case .logprobs, .topLogprobs: if says(body, value) { facts.traits.insert(.logprobs) }
    case .modalities: if names(body, value, "audio") { facts.traits.insert(.audioPart) }
    case .toolChoice: if binds(body, value) { facts.traits.insert(.boundToolChoice) }
    case .responseFormat:
      facts.hasSchema =
        JSONSyntax.value(of: typeName, body, in: value).map { JSONText.holds("json_schema", body, $0) } ?? false
    case .webSearchOptions:
      if body.byte(at: value.lowerBound) != UInt8(ascii: "n") { facts.traits.insert(.serverTools) }
    case .mcpServers:
      if says(body, value) { facts.traits.insert(.serverTools) }
      NestedSecrets.find(body, value, &facts.nestedSecrets)
    default: break
    }
  }

  /// Reads the model's own bytes: hardly any id holds what a variant is told by.
  @inline(__always)
  static func noteVariant(_ value: Range<Int>, _ body: RawSpan, _ facts: inout RequestFacts) {
    var mayBe = body.holds("\"openrouter/", at: value.lowerBound)
    for offset in value {
      let byte = body.byte(at: offset)
      if byte == UInt8(ascii: ":") || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "~")
        || byte == UInt8(ascii: "\\")
      {
        mayBe = true
      }
    }
    guard mayBe, let model = facts.model, RequestTraits.variant(of: model) != nil else { return }
    facts.traits.insert(.modelVariant)
  }

  /// Whether a value asks for something: not null, false, 0, and not empty.
  static func says(_ body: RawSpan, _ value: Range<Int>) -> Bool {
    switch body.byte(at: value.lowerBound) {
    case UInt8(ascii: "n"), UInt8(ascii: "f"): false
    case UInt8(ascii: "\""): value.count > 2
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      JSONSyntax.skipSpace(body, value.lowerBound + 1) < value.upperBound - 1
    case UInt8(ascii: "t"): true
    default: body.string(value) != "0"
    }
  }

  private static func names(_ body: RawSpan, _ list: Range<Int>, _ word: StaticString) -> Bool {
    guard var elements = JSONElements(body, at: list.lowerBound, depth: 1) else { return false }
    var end = list.lowerBound
    while elements.next(body, after: end), let next = JSONSyntax.skipValue(body, elements.at, depth: 2) {
      if isString(body, elements.at..<next), JSONText.holds(word, body, elements.at..<next) { return true }
      end = next
    }
    return false
  }

  /// Preferences (`order`, `sort`, `max_price`, `quantizations` and what is like them) bind nobody and are none.
  private static func demands(_ body: RawSpan, _ provider: Range<Int>) -> RequestTraits {
    guard var members = JSONMembers(body, at: provider.lowerBound, depth: 1) else { return [] }
    var demands: RequestTraits = []
    var end = provider.lowerBound
    while let key = members.nextKey(body, after: end), let next = JSONSyntax.skipValue(body, members.value, depth: 2) {
      let value = members.value..<next
      end = next
      guard says(body, value) else { continue }
      if let demand = RequestTraits(demand: JSONText.decoded(body, key)), !allows(body, value) {
        demands.formUnion(demand)
      }
    }
    return demands
  }

  /// `data_collection: allow` demands nothing.
  private static func allows(_ body: RawSpan, _ value: Range<Int>) -> Bool {
    isString(body, value) && JSONText.holds("allow", body, value)
  }

  private static func plugins(_ body: RawSpan, _ list: Range<Int>) -> RequestTraits {
    guard var plugins = JSONElements(body, at: list.lowerBound, depth: 1) else { return [] }
    var traits: RequestTraits = []
    var end = list.lowerBound
    while plugins.next(body, after: end) {
      guard let next = JSONSyntax.skipValue(body, plugins.at, depth: 2) else { break }
      let plugin = plugins.at..<next
      end = next
      let isOff = JSONSyntax.value(of: enabledName, body, in: plugin).map { !says(body, $0) } ?? false
      guard !isOff, let id = JSONSyntax.value(of: idName, body, in: plugin), isString(body, id) else { continue }
      traits.formUnion(RequestTraits(plugin: JSONText.decoded(body, id)))
    }
    return traits
  }

  /// Not `auto` and `none`, which leave it to the model, or forbid it.
  private static func binds(_ body: RawSpan, _ choice: Range<Int>) -> Bool {
    switch body.byte(at: choice.lowerBound) {
    case UInt8(ascii: "{"): JSONSyntax.value(of: typeName, body, in: choice).map { binds(body, $0) } ?? true
    case UInt8(ascii: "\""): !JSONText.holds("auto", body, choice) && !JSONText.holds("none", body, choice)
    default: false
    }
  }

  private static let typeName = FieldName("type")
  private static let idName = FieldName("id")
  private static let enabledName = FieldName("enabled")
}

extension RequestTraits {
  /// A demand by the name of the member of `provider` that makes it; nil for a preference.
  package init?(demand name: String) {
    switch name {
    case "zdr": self = .zeroRetention
    case "data_collection": self = .noDataCollection
    case "only": self = .onlyProviders
    case "ignore": self = .ignoredProviders
    case "enforce_distillable_text": self = .distillableText
    default:
      // OpenRouter adds members without notice; those that speak of where and for how long bind as their kin do.
      let kin: [(String, RequestTraits)] = [
        ("region", .region), ("country", .region), ("location", .region), ("residency", .region),
        ("retention", .zeroRetention), ("privacy", .noDataCollection), ("training", .noDataCollection),
      ]
      guard let demand = kin.first(where: { name.contains($0.0) })?.1 else { return nil }
      self = demand
    }
  }

  /// The trait that a plugin gives a request; those that only tidy it are nothing to stay away for.
  fileprivate init(plugin id: String) {
    switch id {
    case "auto-router", "auto-beta-router", "pareto-router", "fusion": self = .modelRouter
    case "moderation", "response-healing", "context-compression", "file-parser": self = []
    default: self = .webPlugin
    }
  }
}
