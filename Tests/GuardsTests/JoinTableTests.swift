/// One key, one caller, one body: one upstream request.

import Testing

@testable import Guards

private let second: Int64 = 1_000_000_000

private func hash(_ number: Int) -> JoinHash { JoinHash(high: number, low: number) }

private func request(_ key: Int, body: Int = 1, hasKey: Bool = true) -> JoinRequest {
  JoinRequest(key: hash(key), body: hash(body), hasKey: hasKey)
}

private func table(
  answers: Int = 10, bytes: Int = 80_000, joiners: Int = 3, keyWindow: Duration = .seconds(600)
) -> JoinTable {
  JoinTable(
    bounds: JoinBounds(answers: answers, bytes: bytes, joiners: joiners), keyWindow: keyWindow,
    bodyWindow: .seconds(2))
}

private func first(_ verdict: JoinTable.Verdict) throws -> JoinTable.Ticket {
  guard case .first(let ticket) = verdict else { throw Unexpected(verdict) }
  return ticket
}

private struct Unexpected: Error {
  init(_ verdict: JoinTable.Verdict) { self.verdict = verdict }
  let verdict: JoinTable.Verdict
}

@Suite struct JoinTableTests {
  @Test func theSecondOfAKeyJoinsTheFirstAndTheThirdGetsTheKeptAnswer() throws {
    var table = table()
    let ticket = try first(table.requestCame(request(1), at: 0))
    #expect(table.requestCame(request(1), at: 500 * second) == .join(ticket))
    #expect(table.ended(ticket, isWhole: true, bytes: 100, at: 501 * second) == true)
    #expect(table.requestCame(request(1), at: 502 * second) == .replay(ticket))
    #expect(table.requestCame(request(1), at: (501 + 599) * second) == .replay(ticket))
    #expect(try first(table.requestCame(request(1), at: (501 + 600) * second)) != ticket)
    #expect(table.keptBytes == 0)
  }

  @Test func whoCannotReadWhatTheFirstMayBeGivenIsAskedForByItself() throws {
    var table = table()
    var (plain, coded) = (request(1), request(1))
    coded.codings = JoinCodings("gzip, deflate;q=0.5, br;q=0")
    plain.codings = JoinCodings("identity")
    let ticket = try first(table.requestCame(coded, at: 0))
    #expect(table.requestCame(plain, at: 1) == .alone)
    #expect(table.ended(ticket, isWhole: true, bytes: 100, at: 2) == true)
    #expect(table.requestCame(plain, at: 3) == .alone && table.requestCame(coded, at: 3) == .replay(ticket))
    coded.codings = JoinCodings("zstd, deflate, gzip")
    #expect(table.requestCame(coded, at: 3) == .replay(ticket))
    coded.codings = JoinCodings("gzip, br")
    #expect(table.requestCame(coded, at: 3) == .alone)
    plain.body = hash(2)
    #expect(table.requestCame(plain, at: 4) == .otherBody)
  }

  @Test func anotherBodyUnderTheSameKeyIsRefusedWhileOpenAndWhileKept() throws {
    var table = table()
    let ticket = try first(table.requestCame(request(1), at: 0))
    #expect(table.requestCame(request(1, body: 2), at: 1) == .otherBody)
    _ = table.ended(ticket, isWhole: true, bytes: 100, at: 2)
    #expect(table.requestCame(request(1, body: 2), at: 3) == .otherBody)
  }

  @Test func otherKeysNeverMeet() throws {
    var table = table()
    #expect(try first(table.requestCame(request(1), at: 0)) != first(table.requestCame(request(2), at: 0)))
  }

  @Test func aDoubleClickJoinsWithinItsWindowWhetherTheAnswerIsThereOrNot() throws {
    for isOver in [false, true] {
      var table = table()
      let ticket = try first(table.requestCame(request(1, hasKey: false), at: 0))
      if isOver { _ = table.ended(ticket, isWhole: true, bytes: 1, at: second) }
      #expect(
        table.requestCame(request(1, hasKey: false), at: 2 * second) == (isOver ? .replay(ticket) : .join(ticket)))
      let next = try first(table.requestCame(request(1, hasKey: false), at: 2 * second + 1))
      #expect(next != ticket)
      // The late end of the first one leaves the second's entry alone.
      let isKept = table.ended(ticket, isWhole: true, bytes: 1, at: 3 * second)
      #expect(!isKept)
      #expect(table.requestCame(request(1, hasKey: false), at: 3 * second) == .join(next))
    }
  }

  @Test func anAnswerThatCameAfterTheWindowOfADoubleClickIsNotKept() throws {
    var table = table()
    let ticket = try first(table.requestCame(request(1, hasKey: false), at: 0))
    #expect(table.ended(ticket, isWhole: true, bytes: 1, at: 2 * second) == false)
    #expect(table.count == 0)
  }

  @Test func errorsAndCutAnswersAreNotKept() throws {
    var table = table()
    let ticket = try first(table.requestCame(request(1), at: 0))
    #expect(table.ended(ticket, isWhole: false, bytes: 100, at: 1) == false)
    #expect(table.takeGone() == [ticket])
    #expect(try first(table.requestCame(request(1), at: 2)) != ticket)
  }

  @Test func joinersAreBoundedAndOneThatLeftMakesRoom() throws {
    var table = table(joiners: 2)
    let ticket = try first(table.requestCame(request(1), at: 0))
    for _ in 0..<2 { #expect(table.requestCame(request(1), at: 1) == .join(ticket)) }
    #expect(table.requestCame(request(1), at: 1) == .crowded)
    table.joinerLeft(ticket)
    #expect(table.requestCame(request(1), at: 1) == .join(ticket))
  }

  @Test func whatOutgrewItsShareIsNeitherJoinedNorKept() throws {
    var table = table()
    let ticket = try first(table.requestCame(request(1), at: 0))
    table.outgrew(ticket)
    #expect(table.requestCame(request(1), at: 1) == .alone)
    #expect(table.ended(ticket, isWhole: true, bytes: 1, at: 2) == false)
  }

  @Test func keptAnswersStayWithinTheirBytesTheOldestGoingFirst() throws {
    var table = table(bytes: 80_000)
    var tickets: [JoinTable.Ticket] = []
    for key in 0..<9 {
      tickets.append(try first(table.requestCame(request(key), at: 0)))
      #expect(table.ended(tickets[key], isWhole: true, bytes: 10_000, at: Int64(key)) == true)
    }
    #expect(table.keptBytes == 80_000)
    #expect(table.takeGone() == [tickets[0]])
    #expect(
      table.ended(try first(table.requestCame(request(20), at: 9)), isWhole: true, bytes: 10_001, at: 10) == false)
  }

  @Test func aFullTableForgetsKeptAnswersAndNeverOpenOnes() throws {
    var table = table(answers: 2)
    let open = try first(table.requestCame(request(1), at: 0))
    let kept = try first(table.requestCame(request(2), at: 0))
    #expect(table.ended(kept, isWhole: true, bytes: 1, at: 1) == true)
    _ = try first(table.requestCame(request(3), at: 2))
    #expect(table.takeGone() == [kept])
    #expect(table.requestCame(request(4), at: 3) == .alone)
    #expect(table.requestCame(request(1), at: 3) == .join(open))
  }

  @Test func whateverHappensTheBoundsHoldAndBytesAreThoseOfKeptAnswers() {
    for seed in 0..<200 {
      var random = Seeded(UInt64(seed))
      var table = table(answers: 6, bytes: 8_000, joiners: 2, keyWindow: .seconds(3))
      var (open, kept): ([JoinTable.Ticket], [JoinTable.Ticket: Int]) = ([], [:])
      var now: Int64 = 0
      for _ in 0..<300 {
        now += Int64(random.below(Int(second)))
        switch random.below(5) {
        case 0, 1, 2:
          let key = random.below(8)
          switch table.requestCame(request(key, body: key, hasKey: key < 4), at: now) {
          case .first(let ticket): open.append(ticket)
          case .replay(let ticket): #expect(kept[ticket] != nil)
          case .join(let ticket): #expect(open.contains(ticket))
          case .otherBody: Issue.record("the bodies are the same")
          case .crowded, .alone: break
          }
        case 3 where !open.isEmpty:
          let ticket = open.remove(at: random.below(open.count))
          let bytes = random.below(1500)
          let isKept = table.ended(ticket, isWhole: random.below(4) > 0, bytes: bytes, at: now)
          for gone in table.takeGone() { kept[gone] = nil }
          if isKept { kept[ticket] = bytes }
        default: table.forget(at: now)
        }
        for gone in table.takeGone() { kept[gone] = nil }
        #expect(table.count <= 6)
        #expect(table.keptBytes <= 8_000)
        #expect(table.keptBytes == kept.values.reduce(0, +))
      }
    }
  }
}

/// A generator whose seed says everything.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  mutating func chance() -> Double { Double(next() >> 11) * 0x1p-53 }
}
