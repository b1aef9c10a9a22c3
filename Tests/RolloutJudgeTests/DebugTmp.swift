import Testing
import RolloutJudge
import Foundation
@Test func tmpDebug() throws {
  let a = try CheckpointTests.run(stops: []).decisions, b = try CheckpointTests.run(stops: Set(stride(from: 50, to: 12_000, by: 400))).decisions
  for (x,y) in zip(a,b) where x != y { print(x); print(y) }
  print(a.count,b.count)
}
