/// Finds the labels that an exchange's figures go under; exchanges that are alike share one object.

import Dialects
import HTTPFraming
import NIOCore
import RolloutJudge
import TrafficSplit

/// One per loop. A table of fixed size: labels that fall on a taken place replace what was there.
struct LabelTable {
  private struct Entry {
    /// 64 bits of what the request said, under a seed of this table's own.
    var hash: UInt64
    var labels: ExchangeLabels
  }

  private var entries: [Entry?]
  private let seed: UInt64
  private let tags: TagNames
  /// A power of two.
  private static let size = 1024

  init(tags: TagNames, seed: UInt64) {
    self.tags = tags
    self.seed = seed
    entries = Array(repeating: nil, count: Self.size)
  }

  /// - Returns: nil for a request that is not measured.
  mutating func labels(of request: InboundRequest) -> ExchangeLabels? {
    guard let endpoint = request.endpoint else { return nil }
    let features = request.facts?.features ?? RequestFeatures()
    let isStream = request.facts?.stream ?? false
    let isSteady = request.facts?.isSteady ?? false
    var hasher = UnitHasher(seed: seed)
    hasher.combine(features.fingerprint)
    hasher.combine(UInt64(endpoint.number) << 2 | (isSteady ? 2 : 0) | (isStream ? 1 : 0))
    if let model = request.facts?.model { hasher.combine(field: model) }
    for tag in tags.sources.indices { combine(tags.sources[tag], of: request, into: &hasher) }
    let hash = hasher.finish()
    let place = Int(truncatingIfNeeded: hash) & (Self.size - 1)
    if let entry = entries[place], entry.hash == hash { return entry.labels }
    let labels = ExchangeLabels(
      endpoint: endpoint, model: request.facts?.model, tags: tags.values(of: request), features: features,
      isStream: isStream, isSteady: isSteady)
    entries[place] = Entry(hash: hash, labels: labels)
    return labels
  }

  private func combine(_ source: TagNames.Source, of request: InboundRequest, into hasher: inout UnitHasher) {
    switch source {
    case .header(let name):
      let bytes = request.bytes
      guard let value = request.valueRange(of: name) else { return hasher.combine(0) }
      hasher.combine(1)
      hasher.combine(field: bytes.readableBytesSpan.extracting(value))
    case .body(let path):
      guard let value = request.bodyValue(path) else { return hasher.combine(0) }
      hasher.combine(1)
      hasher.combine(field: value)
    }
  }
}
