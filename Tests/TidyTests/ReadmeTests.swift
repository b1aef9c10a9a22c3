import Testing

/// What the README tells people to type can be typed.
@Suite struct ReadmeTests {
  /// Lines of fenced shell blocks, continued lines joined, prompts and comments gone.
  static let commands: [String] = {
    guard let readme = SourceFile(path: "README.md") else { return [] }
    var commands: [String] = []
    var isShell = false
    var isFenced = false
    var open = ""
    for line in readme.lines {
      if line.hasPrefix("```") {
        isShell = !isFenced && ["sh", "bash", "shell", "console"].contains(line.dropFirst(3))
        isFenced.toggle()
      } else if isShell {
        open += line.hasPrefix("$ ") ? String(line.dropFirst(2)) : line
        if open.hasSuffix("\\") {
          open.removeLast()
        } else {
          let command = open.replacing(#/(^|\s)#.*$/#, with: "")
          if !command.allSatisfy(\.isWhitespace) { commands.append(command) }
          open = ""
        }
      }
    }
    return commands
  }()

  /// As the program lists them, in lower case.
  static let subcommands: Set<String> = {
    let text = SourceFile(path: "Sources/crossfade/Crossfade.swift")?.lines.joined(separator: " ") ?? ""
    guard let list = text.firstMatch(of: #/subcommands: \[(.*?)\]/#) else { return [] }
    return Set(list.output.1.matches(of: #/(\w+)\.self/#).map { $0.output.1.lowercased() } + ["help"])
  }()

  static let tools: Set<String> = ["swift", "git", "curl", "export", "cd", "cat", "pip", "docker", "python3", "kill"]

  @Test("README.md shows commands")
  func present() { #expect(!Self.commands.isEmpty) }

  @Test("every command in README.md exists", arguments: commands)
  func commandsExist(_ command: String) throws {
    let words = command.split { $0 == " " || $0 == "|" || $0 == "&" || $0 == ";" }.map(String.init)
      .drop { $0.contains(#/^[A-Z_]+=/#) }
    let first = try #require(words.first, "nothing to run in '\(command)'")
    let name = first.split(separator: "/").last.map(String.init) ?? first
    if name == "crossfade" {
      let subcommand = words.dropFirst().first ?? "--help"
      #expect(subcommand.hasPrefix("--") || Self.subcommands.contains(subcommand), "'\(subcommand)' in '\(command)'")
    } else if first.contains("/") {
      #expect(Repository.exists(first), "there is no \(first), of '\(command)'")
    } else {
      #expect(Self.tools.contains(first), "'\(first)' of '\(command)' is no tool that this test knows")
    }
  }

  @Test("every file that a command in README.md names exists", arguments: commands)
  func filesExist(_ command: String) {
    for match in command.matches(of: #/(?:playbooks|deploy|Tests|Sources)\/[\w.\/-]+/#) {
      let path = String(match.output)
      #expect(Repository.exists(path), "there is no \(path)")
    }
  }

  @Test("every playbook is mentioned in README.md, or by another playbook")
  func playbooks() throws {
    let names = try Repository.entries(of: "playbooks").filter { $0.hasSuffix(".yaml") }
    #expect(!names.isEmpty)
    for name in names {
      let readers = ["README.md"] + names.filter { $0 != name }.map { "playbooks/\($0)" }
      let isMentioned = readers.compactMap(SourceFile.init).contains { $0.lines.contains { $0.contains(name) } }
      #expect(isMentioned, "nobody mentions playbooks/\(name)")
    }
  }
}
