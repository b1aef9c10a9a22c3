/// Which kind of request arrives next.

struct KindMix: Sendable {
  /// The shares summed up, the last left out.
  private let edges: [Double]

  init(_ mix: [RequestKind]) {
    var sum = 0.0
    edges = mix.dropLast().map { kind in
      sum += kind.share
      return sum
    }
  }

  @inline(__always)
  func draw(_ generator: inout SeededGenerator) -> Int {
    guard !edges.isEmpty else { return 0 }
    let place = generator.unit()
    var kind = 0
    while kind < edges.count, place >= edges[kind] { kind += 1 }
    return kind
  }
}
