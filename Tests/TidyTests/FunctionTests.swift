import Testing

@Suite struct FunctionTests {
  @Test("a function reaches from its declaration to the brace at its own indentation")
  func bodies() {
    let file = SourceFile(
      path: "Sources/Example/Example.swift",
      text: """
        struct Example {
          func short() { 1 }
          func long(
            a: Int
          ) -> Int {
            if a > 1 {
              return 2
            }
            return 3
          }

          package init(a: Int) {
            self.a = a
          }
        }
        """)
    #expect(
      file.functions == [
        Function(name: "func long", line: 3, length: 8), Function(name: "init", line: 12, length: 3),
      ])
  }

  @Test("a requirement without a body is not measured")
  func requirements() {
    let file = SourceFile(
      path: "Sources/Example/Example.swift",
      text: """
        protocol Example {
          func first()
          func second()
        }
        """)
    #expect(file.functions.isEmpty)
  }

  @Test("comments and strings are not code")
  func code() {
    let file = SourceFile(
      path: "Sources/Example/Example.swift", text: #"let a = "import Foundation // \"x\"" // import NIO"#)
    #expect(file.code == [#"let a = "" "#])
  }
}
