/// When answers are asked after for their bills: who first, how often, and when no more.

import RolloutJudge
import Testing
import Vendors

@testable import MigrationReport

@Suite("BillDesk")
struct BillDeskTests {
  private func at(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }

  private func sample(_ id: String, told: Double? = 0.01) -> BillDesk.Sample { BillDesk.Sample(id: id, told: told) }

  @Test("an answer is asked after three seconds later, and its bill is told with what it had said")
  func usual() {
    var desk = BillDesk()
    #expect(desk.offer(sample("a"), ended: at(10)) == 0)
    #expect(desk.next(at: at(12.9)) == nil)
    #expect(desk.next(at: at(13)) == sample("a"))
    #expect(desk.waits == 1)
    #expect(desk.answered(.billed(0.02), of: "a", at: at(14)) == .billed(sample("a"), 0.02))
    #expect(desk.waits == 0 && desk.next(at: at(100)) == nil)
  }

  @Test("one question is under way at a time, and none sooner than a second after the one before")
  func pace() {
    var desk = BillDesk()
    for id in ["a", "b", "c"] { _ = desk.offer(sample(id), ended: at(0)) }
    #expect(desk.next(at: at(5))?.id == "a")
    #expect(desk.next(at: at(7)) == nil, "the first is not answered")
    _ = desk.answered(.billed(1), of: "a", at: at(7))
    #expect(desk.next(at: at(7))?.id == "b")
    _ = desk.answered(.billed(1), of: "b", at: at(7.1))
    #expect(desk.next(at: at(7.9)) == nil)
    #expect(desk.next(at: at(8))?.id == "c")
  }

  @Test("answers that told no cost go first, and take the place of others where there is none left")
  func unknownFirst() {
    var desk = BillDesk()
    for number in 0..<BillDesk.limit { #expect(desk.offer(sample("\(number)"), ended: at(0)) == 0) }
    #expect(desk.offer(sample("late"), ended: at(0)) == 1, "no room for one more whose cost is known")
    #expect(desk.offer(sample("lost", told: nil), ended: at(1)) == 1, "but one of those makes room")
    #expect(desk.waits == BillDesk.limit)
    #expect(desk.next(at: at(9))?.id == "lost")
  }

  @Test("what is not there yet is asked after again with patience, six times in all")
  func notYet() {
    var desk = BillDesk()
    _ = desk.offer(sample("a"), ended: at(0))
    var asked: [Int64] = []
    var last: BillDesk.Step?
    for second in 0..<400 {
      guard let question = desk.next(at: at(Double(second))) else { continue }
      asked.append(Int64(second))
      last = desk.answered(.notYet, of: question.id, at: at(Double(second)))
    }
    #expect(asked == [3, 7, 15, 31, 63, 127])
    #expect(last == .missing(sample("a")))
    #expect(desk.waits == 0 && desk.state == .asking)
  }

  @Test("where nothing was ever there, asking ends; where something was, it does not", arguments: [false, true])
  func neverThere(_ isSomethingThere: Bool) {
    var desk = BillDesk()
    for number in 0..<30 { _ = desk.offer(sample("\(number)"), ended: at(0)) }
    var missing = 0
    for second in 3..<3000 {
      guard let question = desk.next(at: at(Double(second))) else { continue }
      let reply: BillReply = isSomethingThere && question.id == "0" ? .billed(1) : .notYet
      if desk.answered(reply, of: question.id, at: at(Double(second))) == .missing(question) { missing += 1 }
    }
    #expect(desk.state == (isSomethingThere ? .asking : .neverThere))
    #expect(missing == (isSomethingThere ? 29 : BillDesk.hopeless - 1))
    #expect(desk.waits == 0)
  }

  @Test("a network that is down says nothing of what is there")
  func down() {
    var desk = BillDesk()
    for number in 0..<30 { _ = desk.offer(sample("\(number)"), ended: at(0)) }
    for second in 3..<3000 {
      guard let question = desk.next(at: at(Double(second))) else { continue }
      _ = desk.answered(.failed, of: question.id, at: at(Double(second)))
    }
    #expect(desk.state == .asking && desk.waits == 0)
  }

  @Test(
    "a key that may not ask three times in a row is the end, and nothing is kept from then on", arguments: [401, 403])
  func refused(_ status: Int) {
    var desk = BillDesk()
    for id in ["a", "b"] { _ = desk.offer(sample(id), ended: at(0)) }
    var steps: [BillDesk.Step?] = []
    for second in stride(from: 5.0, to: 15, by: 2) {
      guard let question = desk.next(at: at(second)) else { continue }
      // An answer in between, and the count begins anew.
      let reply: BillReply = second == 7 ? .notYet : .refused(status: status)
      steps.append(desk.answered(reply, of: question.id, at: at(second)))
    }
    #expect(steps == [.askedAgainLater, .askedAgainLater, .askedAgainLater, .askedAgainLater, .ended])
    #expect(desk.state == .refused(status: status))
    #expect(desk.offer(sample("c"), ended: at(6)) == 0)
    #expect(desk.waits == 0 && desk.next(at: at(60)) == nil)
  }

  @Test("who is told to be slower waits twice as long each time, or as long as he is told, and loses no answer")
  func limited() {
    var desk = BillDesk()
    _ = desk.offer(sample("a"), ended: at(0))
    var asked: [Int64] = []
    for tenth in 0..<4000 {
      guard let question = desk.next(at: at(Double(tenth) / 10)) else { continue }
      asked.append(Int64(tenth / 10))
      let wait: Duration? = asked.count == 3 ? .seconds(100) : nil
      _ = desk.answered(.limited(wait), of: question.id, at: at(Double(tenth) / 10))
    }
    #expect(asked == [3, 5, 9, 109, 125, 157, 221, 349])
    #expect(desk.waits == 1)
  }

  @Test("a question that nobody answers is lost after a while, and asked again")
  func lost() {
    var desk = BillDesk()
    _ = desk.offer(sample("a"), ended: at(0))
    #expect(desk.next(at: at(3)) != nil)
    #expect(desk.next(at: at(92)) == nil)
    #expect(desk.next(at: at(93)) == nil, "it has its place among those that wait again")
    #expect(desk.next(at: at(157))?.id == "a")
    #expect(desk.answered(.billed(1), of: "b", at: at(158)) == nil, "an answer to another question is none")
  }
}

@Suite("BillAccount")
struct BillAccountTests {
  @Test("drift is what was billed beyond what was told; what was found apart is no part of it")
  func drift() throws {
    var account = BillAccount()
    #expect(account.drift == nil)
    account.settle(billed: 0.021, told: 0.02)
    account.settle(billed: 0.02, told: 0.02)
    account.settle(billed: 0.5, told: nil)
    let drift = try #require(account.drift)
    #expect(abs(drift - 0.025) < 1e-12)
    #expect(account.compared == 2 && account.differing == 1)
    #expect(account.found == 1 && account.foundDollars == 0.5)
  }

  @Test("less may be billed than was told, and nothing told is no drift of any size")
  func less() {
    var account = BillAccount()
    account.settle(billed: 0, told: 0.02)
    #expect(account.drift == -1 && account.differing == 1)
    var free = BillAccount()
    free.settle(billed: 0, told: 0)
    #expect(free.drift == nil && free.differing == 0)
    free.settle(billed: 0.01, told: 0)
    #expect(free.drift == nil && free.differing == 1)
  }

  @Test("two runs add up")
  func sums() {
    var first = BillAccount()
    first.ask()
    first.settle(billed: 0.2, told: 0.1)
    var second = BillAccount()
    second.miss()
    second.drop(3)
    second.settle(billed: 0.3, told: nil)
    second.add(first)
    #expect(second.asked == 1 && second.compared == 1 && second.found == 1)
    #expect(second.missing == 1 && second.dropped == 3)
    #expect(second.drift == 1)
  }
}
