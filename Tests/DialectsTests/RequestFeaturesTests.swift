import Testing

@testable import Dialects

@Suite("RequestFeatures")
struct RequestFeaturesTests {
  private func features(_ body: String) throws -> RequestFeatures {
    try #require(RequestReader().read(Array(body.utf8))).features
  }

  @Test("the names of a body's own members, in alphabetical order and each once")
  func names() throws {
    let used = try features(
      #"{"model":"a","tools":[{"type":"x","seed":1}],"messages":[],"top_p":null,"model":"b","metadata":{"user":"u"}}"#)
    #expect(used.names == ["messages", "metadata", "model", "tools", "top_p"])
    #expect(!used.hasOthers && !used.isEmpty)
  }

  @Test("a name that no documentation has is only known to be there")
  func others() throws {
    let used = try features(#"{"my_field":1,"stream":true}"#)
    #expect(used.hasOthers)
    #expect(used.names == ["stream"])
    let alone = try features(#"{"my_field":1}"#)
    #expect(alone.hasOthers && alone.names.isEmpty && !alone.isEmpty)
  }

  @Test("an empty body uses nothing")
  func empty() throws {
    #expect(try features("{}") == RequestFeatures())
    #expect(try features("{}").isEmpty)
  }

  @Test("an escaped name is the name it spells")
  func escaped() throws {
    #expect(try features(#"{"m\u006fdel":"a"}"#) == features(#"{"model":"b"}"#))
  }

  @Test("every name has its own place in the set", arguments: RequestName.allCases)
  func each(name: RequestName) throws {
    #expect(RequestName.allCases[Int(name.number)] == name)
    var used = RequestFeatures()
    used.insert(name)
    #expect(used.names == [name.rawValue])
    #expect(try features(#"{"\#(name.rawValue)":0}"#) == used)
  }

  @Test("all names fit into a set")
  func room() {
    #expect(RequestName.allCases.count < 128)
    var used = RequestFeatures()
    for name in RequestName.allCases { used.insert(name) }
    #expect(used.names == RequestName.allCases.map(\.rawValue).sorted())
  }

  @Test("sets of one and two names, with and without others, have different fingerprints")
  func fingerprints() {
    var prints: Set<UInt64> = []
    var sets = 0
    for (index, first) in RequestName.allCases.enumerated() {
      for second in RequestName.allCases[index...] {
        for hasOthers in [false, true] {
          var used = RequestFeatures()
          used.insert(first)
          used.insert(second)
          if hasOthers { used.insertOther() }
          prints.insert(used.fingerprint)
          sets += 1
        }
      }
    }
    #expect(prints.count == sets)
  }
}
