import Testing

@testable import SidecarProxy

@Suite struct ConnectRaceTests {
  @Test("the next address is tried when one fails, and at once")
  func failing() {
    var race = ConnectRace(count: 3)
    #expect(race.begin() == .connect(0, isLast: false))
    #expect(race.failed() == .connect(1, isLast: false))
    #expect(race.failed() == .connect(2, isLast: true))
    #expect(race.failed() == .lost)
  }

  @Test("the next address is tried beside one that is slow; the first to connect wins, the others are closed")
  func slow() {
    var race = ConnectRace(count: 2)
    #expect(race.begin() == .connect(0, isLast: false))
    #expect(race.isSlow() == .connect(1, isLast: true))
    #expect(race.connected() == .won)
    #expect(race.connected() == .close)
  }

  @Test("a failure while others try waits for them")
  func waiting() {
    var race = ConnectRace(count: 2)
    _ = race.begin()
    _ = race.isSlow()
    #expect(race.isSlow() == .wait, "there is no third")
    #expect(race.failed() == .wait)
    #expect(race.failed() == .lost)
  }

  @Test("without an address there is nothing to win")
  func none() {
    var race = ConnectRace(count: 0)
    #expect(race.begin() == .lost)
  }

  @Test("in every order of events at most one address wins, and the race is lost exactly when all have failed")
  func enumerated() {
    enum Event: CaseIterable { case slow, failed, connected }
    func walk(_ race: ConnectRace, trying: Int, tried: Int, winners: Int, depth: Int) {
      guard depth > 0 else { return }
      for event in Event.allCases {
        var race = race
        var (trying, tried, winners) = (trying, tried, winners)
        let action: ConnectRace.Action
        switch event {
        case .slow: action = race.isSlow()
        case .failed, .connected:
          guard trying > 0 else { continue }
          trying -= 1
          action = event == .failed ? race.failed() : race.connected()
        }
        switch action {
        case .connect(let index, let isLast):
          #expect(index == tried && isLast == (index == 2) && winners == 0)
          (trying, tried) = (trying + 1, tried + 1)
        case .won: winners += 1
        case .close: #expect(winners == 1)
        case .lost: #expect(trying == 0 && tried == 3 && winners == 0)
        case .wait: #expect(winners == 1 || trying > 0 || race.isOver)
        }
        #expect(winners <= 1)
        walk(race, trying: trying, tried: tried, winners: winners, depth: depth - 1)
      }
    }
    var race = ConnectRace(count: 3)
    _ = race.begin()
    walk(race, trying: 1, tried: 1, winners: 0, depth: 7)
  }

  @Test("families alternate, beginning with the first")
  func interleaving() {
    let isSecond: (String) -> Bool = { $0.hasPrefix("v6") }
    #expect(
      ConnectRace.interleaved(["v4a", "v4b", "v4c", "v6a"], isSecond: isSecond) == ["v4a", "v6a", "v4b", "v4c"])
    #expect(ConnectRace.interleaved(["v6a", "v6b", "v4a"], isSecond: isSecond) == ["v6a", "v4a", "v6b"])
    #expect(ConnectRace.interleaved([], isSecond: isSecond) == [])
  }
}
