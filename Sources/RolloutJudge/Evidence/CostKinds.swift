/// The kinds of requests that cost alike, by what is known of them before an answer: the model and the size.

import TrafficSplit

struct CostKinds: Sendable {
  /// The first that are seen; the rest are one.
  static let models = 10
  /// Sizes are told apart by powers of two, from less than 1 KiB to 1 MiB and more.
  static let sizes = 12
  static let count = (models + 1) * sizes
  /// A kind of which fewer costs are known is taken to cost what its model does, or what it did before, or what all do.
  static let minSamples = 20

  struct Cell: Sendable, Equatable {
    var count = 0
    var sum = 0.0

    var mean: Double? { count >= CostKinds.minSamples ? sum / Double(count) : nil }
  }

  /// In the order in which they were first seen.
  private(set) var names: [String]
  private var places: [String: Int]
  /// Of this stage; empty before the first.
  private var cells: [Cell] = []

  init(names: [String] = []) {
    self.names = Array(names.prefix(Self.models))
    places = Dictionary(self.names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The kind of a request that begins.
  mutating func kind(of start: borrowing AttemptStart) -> Int {
    let kibibytes = max(0, start.bytes) >> 10
    let size = min(Self.sizes - 1, Int.bitWidth - kibibytes.leadingZeroBitCount)
    return place(of: start.model) * Self.sizes + size
  }

  private mutating func place(of model: String?) -> Int {
    guard let model else { return Self.models }
    if let known = places[model] { return known }
    guard names.count < Self.models else { return Self.models }
    names.append(model)
    places[model] = names.count - 1
    return names.count - 1
  }

  mutating func record(_ dollars: Double, _ kind: Int) {
    if cells.isEmpty { cells = Array(repeating: Cell(), count: Self.count) }
    cells[kind].count += 1
    cells[kind].sum += dollars
  }

  mutating func stageEntered() { cells = [] }

  /// A kind that is dearer than so many times the mean counts as that, for nobody may lose more by a bet than is at stake, and stakes
  /// would have to be small for all.
  static let mostFactor = 8.0

  /// By kind: how many times as much as a request of any kind it costs. What the largest leave over is shared by all, so that the mean over
  /// all requests is one: for what does not depend on the kind, such as how many requests fail, it is as if there were none.
  ///
  /// - Parameters:
  ///   - mean: What a request of any kind costs.
  ///   - before: The same from an earlier stage; nil where there is none.
  func factors(of mean: Double, before: [Double]?) -> [Double]? {
    guard !cells.isEmpty, mean > 0 else { return before }
    let factors = cells.indices.map { kind in
      let model = kind / Self.sizes * Self.sizes
      let whole = cells[model..<model + Self.sizes].reduce(into: Cell()) {
        $0.count += $1.count
        $0.sum += $1.sum
      }
      return min(Self.mostFactor, (cells[kind].mean ?? whole.mean).map { $0 / mean } ?? before?[kind] ?? 1)
    }
    let count = cells.reduce(0) { $0 + $1.count }
    let sum = zip(cells, factors).reduce(0.0) { $0 + Double($1.0.count) * $1.1 }
    let rest = 1 - sum / Double(count)
    return factors.map { max(0, $0 + rest) }
  }
}
