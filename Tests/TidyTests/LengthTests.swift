import Testing

/// Files stay near 100 lines and functions under 50, so that each can be read at one sitting. What is longer is named
/// here with its length, and may shrink but not grow: shorten it, then lower the number.
@Suite struct LengthTests {
  static let fileLimit = 250
  static let functionLimit = 50

  static let longFiles = [
    "Sources/GatewayEmulation/Server/ConnectionHandler.swift": 264
  ]

  static let longFunctions: [String: Int] = [:]

  @Test("no source file is longer than 250 lines, or than it was", arguments: Repository.sources)
  func files(_ file: SourceFile) {
    let limit = Self.longFiles[file.path] ?? Self.fileLimit
    #expect(file.lines.count <= limit, "\(file.path) has \(file.lines.count) lines, \(limit) are allowed")
  }

  @Test("no function is longer than 50 lines, or than it was", arguments: Repository.sources)
  func functions(_ file: SourceFile) {
    for function in file.functions {
      let limit = Self.longFunctions["\(file.path) \(function.name)"] ?? Self.functionLimit
      #expect(
        function.length <= limit,
        "\(file.path):\(function.line): \(function.name) has \(function.length) lines, \(limit) are allowed")
    }
  }

  @Test("the lists name nothing that has become short")
  func ratchet() {
    for (path, limit) in Self.longFiles {
      let length = SourceFile(path: path)?.lines.count ?? 0
      #expect(length == limit, "\(path) has \(length) lines now: lower its number, or take it off the list")
    }
    let lengths = Dictionary(
      Repository.sources.flatMap { file in file.functions.map { ("\(file.path) \($0.name)", $0.length) } },
      uniquingKeysWith: max)
    for (name, limit) in Self.longFunctions {
      #expect(lengths[name] == limit, "\(name) has \(lengths[name] ?? 0) lines now: lower its number, or take it off")
    }
  }

  @Test("half of the source files have 120 lines or fewer")
  func median() throws {
    let lengths = Repository.sources.map(\.lines.count).sorted()
    try #require(!lengths.isEmpty)
    #expect(lengths[lengths.count / 2] <= 120)
  }
}
