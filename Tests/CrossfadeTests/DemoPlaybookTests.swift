import Foundation
import RolloutJudge
import Testing

@testable import crossfade

@Suite("DemoPlaybook")
struct DemoPlaybookTests {
  private func playbook() throws -> Playbook {
    try DemoPlaybook.reading(
      stable: "http://127.0.0.1:1/api/v1", challenger: "http://127.0.0.1:2/v1", key: "sk-its-own")
  }

  @Test("The text in the program is playbooks/demo.yaml")
  func sameText() throws {
    let file = URL(fileURLWithPath: #filePath).appending(path: "../../../playbooks/demo.yaml").standardized
    #expect(try String(contentsOf: file, encoding: .utf8) == DemoPlaybook.text)
  }

  @Test("Addresses and the candidate's key are filled in")
  func filledIn() throws {
    let playbook = try playbook()
    #expect(playbook.baseline.url.port == 1)
    #expect(playbook.baseline.key == nil)
    #expect(playbook.candidates.map(\.url.port) == [2])
    #expect(playbook.candidates[0].key != nil)
    #expect(playbook.sha256.count == 64)
  }

  @Test("A text that is no playbook is refused with its problems")
  func refused() {
    let error = #expect(throws: DemoFailure.self) {
      try DemoPlaybook.reading(stable: "not an address", challenger: "http://127.0.0.1:2/v1", key: "k")
    }
    #expect(error?.description.contains("baseline.url") == true)
  }

  @Test("The candidate breaks in a stage in which it has live requests, with stages before and after")
  func breakingStage() throws {
    let stages = try playbook().stages
    let index = try #require(stages.firstIndex { $0.name == DemoStory.breakingStage })
    #expect(index > 0 && index < stages.count - 1)
    #expect(stages[index].weights[0] > 0 && stages[index].shadow[0] == 0)
    #expect(stages[index].hold > DemoPace.full.healthyTime)
    #expect(stages[..<index].contains { $0.shadow[0] > 0 })
    #expect(stages[..<index].contains { $0.weights[0] > 0 })
  }

  @Test("The fast demo shortens the holds before the breaking stage to whole seconds, and nothing else")
  func fast() throws {
    let (full, fast) = (try playbook(), DemoPace.fast.applied(to: try playbook()))
    #expect(DemoPace.full.applied(to: full) == full)
    #expect(fast.stages.map(\.hold) == [2, 3, 3, 10, 10, 10].map { Duration.seconds($0) })
    var restored = fast
    for index in restored.stages.indices { restored.stages[index].hold = full.stages[index].hold }
    #expect(restored == full)
  }

  @Test("The story is expected within a minute, the fast one within fifteen seconds")
  func expected() throws {
    #expect(DemoPace.full.expected(try playbook()) == .seconds(34))
    #expect(DemoPace.fast.expected(DemoPace.fast.applied(to: try playbook())) <= .seconds(15))
  }
}
