/// Reads the playbook's tags off a request, and tells only so many values of each apart.

import NIOConcurrencyHelpers
import RolloutJudge

/// Shared by all loops, which ask for values only where a combination of labels is new to them.
struct TagNames: Sendable {
  enum Source: Sendable {
    /// The header's name, lower case.
    case header([UInt8])
    case body(String)
  }

  let sources: [Source]
  /// The values that are told apart, by tag.
  private let known: NIOLockedValueBox<[Set<String>]>
  /// A longer value is one of the others.
  static let valueBytes = 256

  /// The values that budgets are for are told apart whatever else comes first.
  init(_ tags: [Tag], budgets: [Budget]) {
    sources = tags.map { tag in
      switch tag.source {
      case .header(let name): .header(Array(name.utf8))
      case .body(let path): .body(path)
      }
    }
    var known = Array(repeating: Set<String>(), count: tags.count)
    for budget in budgets {
      if let tag = budget.tag, known.indices.contains(tag.tag) { known[tag.tag].insert(tag.value) }
    }
    self.known = NIOLockedValueBox(known)
  }

  func values(of request: InboundRequest) -> [String?] {
    sources.indices.map { tag in value(of: request, sources[tag]).map { told($0, tag) } }
  }

  /// As the request says it, however many other values there are.
  func value(_ tag: Int, of request: InboundRequest) -> String? {
    sources.indices.contains(tag) ? value(of: request, sources[tag]) : nil
  }

  /// Whether some tag is a field of the body.
  var readsBody: Bool {
    sources.contains { if case .body = $0 { true } else { false } }
  }

  private func value(of request: InboundRequest, _ source: Source) -> String? {
    switch source {
    case .header(let name): request.text(of: name)
    case .body(let path): request.bodyValue(path)
    }
  }

  private func told(_ value: String, _ tag: Int) -> String {
    guard value.utf8.count <= Self.valueBytes else { return Tag.otherValue }
    return known.withLockedValue { known in
      if known[tag].contains(value) { return value }
      guard known[tag].count < Tag.valueLimit else { return Tag.otherValue }
      known[tag].insert(value)
      return value
    }
  }
}
