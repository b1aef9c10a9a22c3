/// Standard normal numbers, a few nanoseconds each: every imagined latency needs one.

import RealModule

/// The ziggurat of Marsaglia and Tsang (2000) in Doornik's form: 128 layers of equal area, the tail by Marsaglia
/// (1964).
struct NormalZiggurat: Sendable {
  private static let layers = 128
  /// Where the tail begins, and the area of each layer, for 128 layers.
  private static let tail = 3.442_619_855_899
  private static let area = 9.912_563_035_262_17e-3

  /// Right ends of the layers, the tail's layer first; and the ratio of each to the one before.
  private let edges: [Double]
  private let ratios: [Double]
  private let densities: [Double]

  static let shared = NormalZiggurat()

  private init() {
    func density(_ x: Double) -> Double { Double.exp(-0.5 * x * x) }
    var edges = [Self.area / density(Self.tail), Self.tail]
    for index in 2..<Self.layers {
      let below = edges[index - 1]
      edges.append((-2 * Double.log(Self.area / below + density(below))).squareRoot())
    }
    edges.append(0)
    self.edges = edges
    ratios = (0..<Self.layers).map { edges[$0 + 1] / edges[$0] }
    densities = edges.map(density)
  }

  @inline(__always)
  func draw(_ generator: inout SeededGenerator) -> Double {
    while true {
      let bits = generator.next()
      let layer = Int(bits & 127)
      let position = Double(Int64(bitPattern: bits) >> 11) * 0x1p-52
      if abs(position) < ratios[layer] { return position * edges[layer] }
      if layer == 0 { return tailDraw(&generator, isNegative: position < 0) }
      let x = position * edges[layer]
      let (outer, inner) = (densities[layer], densities[layer + 1])
      if outer + generator.unit() * (inner - outer) < Double.exp(-0.5 * x * x) { return x }
    }
  }

  private func tailDraw(_ generator: inout SeededGenerator, isNegative: Bool) -> Double {
    while true {
      let x = Double.log(generator.unit()) / Self.tail
      let y = Double.log(generator.unit())
      if -2 * y >= x * x { return isNegative ? x - Self.tail : Self.tail - x }
    }
  }
}
