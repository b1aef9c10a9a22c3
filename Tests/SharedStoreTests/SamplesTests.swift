import Journal
import ResponseDiff
import RolloutJudge
import RolloutSteering
import Testing

@testable import SharedStore

@Suite(.enabled(if: ThrowAwayPostgres.isInstalled, "no PostgreSQL is installed")) struct SamplesTests {
  private static let now = Instant(nanoseconds: 1_700_000_000_000_000_000)
  private static let policy = SamplePolicy(different: 2, uniform: 3, maxAge: .seconds(60), maxBytes: 1000)

  private static func sample(
    _ number: Int, distance: Double, kinds: StoredSample.Kinds = [.different, .uniform], bytes: Int = 10,
    age: Duration = .zero
  ) -> StoredSample {
    StoredSample(
      exchange: "000000000000000\(number)", rollout: "r", candidate: "litellm",
      at: Instant(nanoseconds: now.nanoseconds - age.nanoseconds), stage: "s", endpoint: "chat", model: nil,
      kinds: kinds,
      comparison: AnswerComparison(distance: distance),
      bodies: .init(
        request: .init(text: String(repeating: "q", count: bytes)), baseline: .init(text: "b\0“", isCut: true),
        answer: .init(text: "")))
  }

  @Test("a sample is read as it was kept, a zero byte aside")
  func keeping() throws {
    let store = try Fleet().store()
    let sample = Self.sample(1, distance: 0.75)
    try store.keep(sample, under: Self.policy, at: Self.now)
    try store.keep(sample, under: Self.policy, at: Self.now)
    var expected = sample
    expected.bodies?.baseline.text = "b\u{FFFD}“"
    #expect(try store.samples(exchange: sample.exchange) == [expected])
    expected.bodies = nil
    #expect(try store.samples(rollout: "r") == [expected])
    #expect(try store.samples(rollout: "r", kinds: .uniform).count == 1)
    #expect(try store.samples(rollout: "s") == [])
    try store.removeSamples(of: "r")
    #expect(try store.samples() == [])
  }

  @Test("the most different and a uniform sample are kept, and the bounds say who need not come")
  func retention() throws {
    let store = try Fleet().store()
    for number in 1...8 {
      try store.keep(Self.sample(number, distance: Double(number) / 10), under: Self.policy, at: Self.now)
    }
    #expect(try store.samples(kinds: .different).map(\.distance) == [0.8, 0.7])
    let uniform = (1...8).map { Self.sample($0, distance: 0).exchange }.sorted { SampleRank.of($0) < SampleRank.of($1) }
    #expect(Set(try store.samples(kinds: .uniform).map(\.exchange)) == Set(uniform.prefix(3)))
    let bounds = try store.sampleBounds(of: "r", candidate: "litellm", under: Self.policy)
    #expect(bounds.kinds(exchange: uniform[7], distance: 0.7, under: Self.policy) == [])
    #expect(bounds.kinds(exchange: uniform[0], distance: 0.75, under: Self.policy) == [.uniform, .different])
    #expect(try store.sampleBounds(of: "r", candidate: "other", under: Self.policy) == SampleBounds())
  }

  @Test("what is too old goes, and what does not fit")
  func limits() throws {
    let store = try Fleet().store()
    try store.keep(Self.sample(1, distance: 0.9, age: .seconds(59)), under: Self.policy, at: Self.now)
    try store.keep(
      Self.sample(2, distance: 0.8), under: Self.policy, at: Instant(nanoseconds: Self.now.nanoseconds + 2_000_000_000))
    #expect(try store.samples().map(\.distance) == [0.8])
    try store.keep(Self.sample(3, distance: 0.95, kinds: .different, bytes: 990), under: Self.policy, at: Self.now)
    #expect(try store.samples().count == 1)
  }

  @Test("a job that has begun is open until it ends, whoever looks")
  func jobs() throws {
    let fleet = try Fleet()
    let job = StoredJob(rollout: "r", arm: "a", id: "7", at: Instant(nanoseconds: 7), pollPath: "/p", cancelPath: nil)
    try fleet.store().begin(job)
    try fleet.store().begin(job)
    #expect(try fleet.store().openJobs(rollout: "r") == [job])
    try fleet.store().end(jobOf: "a", id: "7", rollout: "r")
    #expect(try fleet.store().openJobs(rollout: "r") == [])
  }
}
