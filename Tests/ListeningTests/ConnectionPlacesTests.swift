import Synchronization
import Testing

@testable import Listening

struct ConnectionPlacesTests {
  private final class Given: Sendable {
    private let order = Mutex<[Int]>([])
    var all: [Int] { order.withLock { $0 } }
    func note(_ number: Int) { order.withLock { $0.append(number) } }
  }

  @Test("who wants a place where all are taken is given the next one that is free, in the order in which they asked")
  func order() {
    let (places, given) = (ConnectionPlaces(limit: 1), Given())
    #expect(places.take { given.note(0) })
    for number in 1...2 { #expect(!places.take { given.note(number) }) }
    places.give()
    #expect(given.all == [1] && places.open == 1)
    #expect(!places.take { given.note(3) }, "a newcomer comes behind those that wait")
    for _ in 1...2 { places.give() }
    #expect(given.all == [1, 2, 3] && places.open == 1)
    places.give()
    #expect(places.open == 0 && places.take { given.note(4) })
  }

  @Test("what is open beyond the limit is nobody's place")
  func overshoot() {
    let (places, given) = (ConnectionPlaces(limit: 1), Given())
    for number in 1...2 { #expect(!places.takeAnyway { given.note(-number) }) }
    #expect(!places.take { given.note(1) })
    places.give()
    #expect(given.all.isEmpty && places.open == 1)
    places.give()
    #expect(given.all == [1] && places.open == 1)
    places.give()
    #expect(given.all == [1, -1, -2] && places.open == 0)
  }
}
