import Testing

/// What decides takes values and gives values. The compiler does not stop a pure target from importing Foundation; this
/// does.
@Suite struct PurityTests {
  /// Pure target to everything that it may import.
  static let allowed: [String: Set<String>] = [
    "HTTPFraming": [],
    "Dialects": ["HTTPFraming"],
    "Translation": ["Dialects", "HTTPFraming"],
    "MediaJobs": ["Dialects"],
    "TrafficSplit": ["Dialects"],
    "Guards": ["TrafficSplit"],
    "Vendors": ["MediaJobs", "TrafficSplit", "Dialects"],
    "ResponseDiff": ["Dialects"],
    "RolloutJudge": ["Guards", "Vendors", "MediaJobs", "TrafficSplit", "ResponseDiff", "Dialects", "RealModule"],
    "MigrationReport": ["Guards", "RolloutJudge", "Vendors", "TrafficSplit", "ResponseDiff", "Dialects", "RealModule"],
    "RolloutSteering": ["RolloutJudge"],
    "RolloutSimulation": ["RolloutSteering", "RolloutJudge", "MediaJobs", "TrafficSplit", "Dialects", "RealModule"],
  ]

  static let pure = Repository.sources.filter { allowed[$0.target] != nil }

  @Test("pure targets import each other and arithmetic, nothing else", arguments: pure)
  func imports(_ file: SourceFile) {
    for (index, line) in file.code.enumerated() {
      guard let match = line.firstMatch(of: /^\s*(?:@\w+\s+)*(?:\w+\s+)?import\s+(?:\w+\s+)?(\w+)/) else { continue }
      let module = String(match.output.1)
      #expect(
        Self.allowed[file.target]?.contains(module) == true,
        "\(file.path):\(index + 1): \(file.target) is pure and may not import \(module)")
    }
  }

  @Test("pure targets know no clock, no chance and no suspension", arguments: pure)
  func effects(_ file: SourceFile) {
    let effects = #/\b(async|await|Task|ContinuousClock|SuspendingClock|SystemRandomNumberGenerator|Hasher\(\))\b(?!:)/#
    #expect(file.places(of: effects) == [])
    #expect(file.places(of: #/\.(random|shuffled|randomElement)\((?!.*using:)/#) == [])
  }

  @Test("every pure target has files to look at", arguments: allowed.keys.sorted())
  func present(_ target: String) {
    #expect(Self.pure.contains { $0.target == target } || !Repository.exists("Sources/\(target)"))
  }
}
