/// Thousands of damaged messages: none traps, none is read differently for being cut, none leaves the bounds it was
/// given.

import HTTPFraming
import Testing

@Suite struct FuzzTests {
  private static let rounds: Range<UInt64> = 0..<20

  /// Each argument covers the seeds from `round * 500` on; a failure names its seed.
  private func fuzz(_ kind: MessageKind, _ samples: [Sample], round: UInt64) {
    var refused = 0
    for seed in round * 500..<round * 500 + 500 {
      var mutation = Mutation(seed: seed)
      let sample = mutation.pick(samples)
      let bytes = mutation.damage(sample.bytes, splicing: mutation.pick(samples).bytes)
      let whole = read(kind, [bytes], methods: sample.methods)
      #expect(read(kind, mutation.cut(bytes), methods: sample.methods) == whole, "seed \(seed)")
      #expect(whole.consumed <= bytes.count, "seed \(seed)")
      if whole.violation != nil { refused += 1 }
    }
    #expect(refused > 100 && refused < 500)
  }

  @Test("damaged requests read alike however they are cut", arguments: rounds)
  func requests(_ round: UInt64) { fuzz(.request, Sample.requests, round: round) }

  @Test("damaged responses read alike however they are cut", arguments: rounds)
  func responses(_ round: UInt64) { fuzz(.response, Sample.responses, round: round) }

  @Test("random bytes never make a message", arguments: rounds)
  func noise(_ round: UInt64) {
    for seed in round * 200..<round * 200 + 200 {
      var random = Seeded(seed)
      let count = Int.random(in: 0...200, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      #expect(read(.request, [bytes]).messages == [], "seed \(seed)")
      #expect(read(.response, [bytes]).messages == [], "seed \(seed)")
    }
  }
}
