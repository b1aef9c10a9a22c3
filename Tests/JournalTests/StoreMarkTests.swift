/// The last word on every rollout: what it notes of each decision, and that it is read back or refused.

import Foundation
import RolloutJudge
import Testing

@testable import Journal

@Suite("StoreMark and MarkFile")
struct StoreMarkTests {
  private let files: TestStore

  init() throws { files = try TestStore() }

  private func decision(_ seq: Int, _ kind: Decision.Kind, _ candidate: String? = nil) -> Decision {
    var decision = Decision.sample(seq, kind: kind)
    decision.candidate = candidate
    decision.weightsAfter = ["a": 0, "b": 0.5]
    return decision
  }

  @Test("says the state that a rollout was left in, and which candidates are rolled back")
  func states() {
    var mark = StoreMark()
    func after(_ kind: Decision.Kind, _ candidate: String? = nil) -> String {
      mark.note(decision((mark.entry("r")?.seq ?? 0) + 1, kind, candidate), seal: 1)
      return mark.entry("r").map { "\($0.state.rawValue) \($0.closed.joined())" } ?? ""
    }
    #expect(after(.start) == "running ")
    #expect(after(.rollback, "a") == "running a")
    #expect(after(.pause) == "paused a")
    #expect(after(.hold) == "paused a")
    var ofModel = decision((mark.entry("r")?.seq ?? 0) + 1, .rollback, "b")
    ofModel.model = "m"
    mark.note(ofModel, seal: 1)
    #expect(mark.entry("r")?.state == .paused && mark.entry("r")?.closed == ["a"])
    #expect(after(.rollback, "b") == "rolled_back ab")
    #expect(after(.rearm, "b") == "running a")
    #expect(after(.rollback) == "rolled_back ab")
    #expect(after(.rearm) == "running ")
    #expect(after(.complete) == "completed ")
    #expect(after(.abort) == "aborted ")
  }

  @Test("keeps what could not be journaled until it is")
  func pending() {
    var mark = StoreMark()
    mark.note(decision(1, .start), seal: 1)
    mark.note(decision(2, .rollback, "a"), seal: nil)
    mark.note(decision(3, .rollback, "b"), seal: nil)
    #expect(mark.pending.map(\.decision.seq) == [2, 3])
    mark.note(decision(2, .rollback, "a"), seal: 5)
    #expect(mark.pending.map(\.decision.seq) == [3])
    mark.note(decision(3, .rollback, "b"), seal: 6)
    #expect(mark.pending.isEmpty && mark.entry("r")?.seal == 6)
  }

  @Test("has room for so many rollouts, and lets go of the oldest")
  func rollouts() throws {
    var mark = StoreMark()
    for number in 0...StoreMark.maxRollouts { mark.note(.sample(1, rollout: "r\(number)"), seal: 1) }
    #expect(mark.rollouts.count == StoreMark.maxRollouts && mark.entry("r0") == nil)
    #expect(try MarkSlot.encode(mark, generation: 1).count == MarkSlot.bytes)
  }

  @Test("fits its room, with less of the evidence where there is too much")
  func large() throws {
    var mark = StoreMark()
    for seq in 1...StoreMark.maxPending {
      var large = Decision.sample(seq, kind: .rollback)
      large.evidence?.parts = Dictionary(uniqueKeysWithValues: (0..<900).map { ("part \($0)", 1.5) })
      mark.note(large, seal: nil)
    }
    let slot = try MarkSlot.encode(mark, generation: 7)
    let read = try #require(MarkSlot.decode(slot[...]))
    #expect(slot.count == MarkSlot.bytes && read.generation == 7)
    #expect(read.mark.pending.map(\.decision.seq) == mark.pending.map(\.decision.seq))
  }

  @Test("survives any one bit that flips, any cut of its file, and says nothing else than what was written")
  func damage() throws {
    var mark = StoreMark()
    mark.note(.sample(1), seal: 42)
    let slot = try MarkSlot.encode(mark, generation: 3)
    let file = slot + slot
    let head = (0..<450).map { ($0, $0 % 8) }
    let rest = stride(from: 450, to: file.count, by: 3001).map { ($0, $0 % 8) }
    for (byte, bit) in head + rest {
      var changed = file
      changed[byte] ^= 1 << bit
      #expect(MarkFile.read(changed).mark == mark, "bit \(bit) of byte \(byte)")
    }
    for length in stride(from: MarkSlot.bytes, through: file.count, by: 8191) {
      #expect(MarkFile.read(Array(file.prefix(length))).mark == mark)
    }
    for length in stride(from: 0, to: 200, by: 7) {
      #expect(MarkFile.read(Array(file.prefix(length))).mark == nil)
    }
  }

  @Test("is written anew where it was taken away, and found by the next")
  func anew() throws {
    let file = try MarkFile(beside: files.path, .absent, StoreMark())
    try file.update { $0.note(.sample(1), seal: 1) }
    #expect(try !file.restoreIfGone())
    try files.remove("-mark")
    #expect(try file.restoreIfGone())
    #expect(MarkFile.read(beside: files.path).mark == file.mark)
  }
}
