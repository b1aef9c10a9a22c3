import Testing

/// Order in the house: where things are, how files begin, and that nothing was left lying about.
@Suite struct HouseTests {
  @Test("the top level holds what it always held")
  func topLevel() throws {
    let expected = ["CHANGELOG.md", "LICENSE", "Package.swift", "README.md", "Sources", "Tests", "deploy", "playbooks"]
    // Made by building and running, and not part of the repository.
    let made = #/^(Package\.resolved|.*\.db(-wal|-shm|\.lock)?)$/#
    let found = try Repository.entries(of: ".").filter { !$0.hasPrefix(".") && !$0.contains(made) }
    #expect(found == expected)
  }

  @Test("a source file opens with a sentence: its part in the journey", arguments: Repository.sources)
  func opening(_ file: SourceFile) {
    let opening = file.lines.prefix { $0.hasPrefix("///") }
    #expect(opening.first?.hasPrefix("/// ") == true, "\(file.path) does not open with a doc sentence")
    #expect(opening.contains { $0.contains(#/[.:]( |$)/#) }, "\(file.path) opens with something that is no sentence")
  }

  @Test("nothing is left to be done later", arguments: Repository.sources + Repository.tests)
  func leftovers(_ file: SourceFile) {
    // Put together, so that this file does not find itself.
    let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
    for (index, line) in file.lines.enumerated() {
      let found = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.first { words.contains(String($0)) }
      #expect(found == nil, "\(file.path):\(index + 1): \(found ?? "")")
    }
  }

  @Test("only commands print, and tests do not", arguments: Repository.sources + Repository.tests)
  func printing(_ file: SourceFile) {
    guard file.target != "crossfade" else { return }
    #expect(file.places(of: #/^\s*(debugPrint|print|dump)\((?!.*\bto:)/#) == [])
  }

  @Test("what is shared between threads is checked by the compiler", arguments: Repository.sources)
  func sendability(_ file: SourceFile) {
    #expect(file.places(of: #/@unchecked|nonisolated\(unsafe\)|@preconcurrency/#) == [])
  }

  @Test("types are named after what they are", arguments: Repository.sources)
  func names(_ file: SourceFile) {
    #expect(file.places(of: #/\b(class|struct|enum|actor|protocol) \w*(Manager|Helper|Utils|Utilities)\b/#) == [])
  }

  static let texts =
    ["Sources", "Tests", "playbooks", "deploy"].flatMap { Repository.files(under: $0) }
    + ["README.md", "CHANGELOG.md", "Package.swift"].compactMap(SourceFile.init)

  @Test("no path of somebody's machine is in any file")
  func machinePaths() {
    let places = ["Users", "home", "work", "root"].map { "/\($0)/" }
    for file in Self.texts {
      for (index, line) in file.lines.enumerated() {
        let found = places.first { place in
          // A path begins at the slash: `x/work/y` is somebody's relative one.
          line.ranges(of: place).contains { range in
            range.lowerBound == line.startIndex || " \"'`=(:".contains(line[line.index(before: range.lowerBound)])
          }
        }
        #expect(found == nil, "\(file.path):\(index + 1): \(line)")
      }
    }
  }
}
