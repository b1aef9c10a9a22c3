/// One figure with its name and unit: what tables show, and what machines read by its id.

package struct Figure: Sendable, Equatable {
  /// Snake case, as in machine-readable reports.
  package var id: String
  package var label: String
  package var unit: FigureUnit
  /// Shares as fractions, durations in milliseconds, money in USD; nil: not measured, which is never 0.
  package var value: Double?

  package init(_ id: String, _ label: String, _ unit: FigureUnit, _ value: Double?) {
    self.id = id
    self.label = label
    self.unit = unit
    self.value = value
  }

  init(_ id: String, _ label: String, _ value: Int) { self.init(id, label, .count, Double(value)) }
}

/// Figures in the order in which they are shown; an object by their ids to machines.
package struct FigureList: Sendable, Encodable {
  package var figures: [Figure]

  package init(_ figures: [Figure]) { self.figures = figures }

  package subscript(id: String) -> Double? { figures.first { $0.id == id }?.value }

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for figure in figures {
      let key = Key(stringValue: figure.id)
      if let value = figure.value, value.isFinite {
        try container.encode(value, forKey: key)
      } else {
        try container.encodeNil(forKey: key)
      }
    }
  }
}
