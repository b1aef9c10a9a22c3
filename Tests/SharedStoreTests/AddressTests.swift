import RolloutSteering
import Testing

@testable import SharedStore

@Suite(.enabled(if: PostgresLibrary.failure == nil, "libpq is not installed")) struct AddressTests {
  @Test(
    "an address is shown without its secrets",
    arguments: [
      ("postgres://ana:s3cret@db.internal:6432/main?sslmode=verify-full", "postgres://ana@db.internal:6432/main"),
      ("postgresql://ana:s%40crt@a,b/main?password=s3cret&sslpassword=s3cret", "postgres://ana@a,b/main"),
      ("postgres://a:1,b:2/main?user=ana&password=s3cret", "postgres://ana@a:1,b:2/main"),
      ("postgres:///main?host=/run/pg&password=s3cret", "postgres:///run/pg/main"),
      ("postgres://", "postgres:///"),
    ])
  func shown(_ url: String, _ description: String) throws {
    #expect(try SharedStoreAddress(url).description == description)
  }

  @Test(
    "an address whose password is cut in two is refused, and no part of it is said",
    arguments: [
      "postgres://ana:s3c@ret@db/main", "postgres://ana:s3c/ret@db/main", "postgres://ana:s3c%ret@db/main",
      "postgres://ana:s3cret@db/main?nonsense=ret", "postgres://ana:s3cret@db:5ret/main", "postgres://ana:s3cret",
    ])
  func refused(_ url: String) throws {
    let words = try #require(words { _ = try SharedStoreAddress(url) })
    #expect(!words.contains("s3c") && !words.contains("ret@") && !words.contains("5ret"))
    #expect(words.contains("write postgres://USER@HOST:PORT/DATABASE"))
  }

  @Test("a path is no address", arguments: ["crossfade.db", "/var/lib/postgres:x", "Postgres://h/d"])
  func paths(_ path: String) { #expect(!SharedStoreAddress.isOne(path)) }

  @Test("what a server says is one line without passwords")
  func lines() throws {
    let address = try SharedStoreAddress("postgres://ana:s3cret@db/main", password: "0ther")
    #expect(address.shown("no\ns3cret and\r\n0ther\n") == "no … and …")
  }

  @Test("who waits for a store that is away waits longer each time, and not all wait alike")
  func backoff() {
    var backoff = Backoff()
    let start = ContinuousClock.now
    let fault = SharedStoreError("postgres://h/d", .unreachable("no"))
    var waits: [Duration] = []
    for _ in 0..<8 {
      backoff.failed(fault, at: start, draw: 1)
      waits.append(start.duration(to: backoff.until ?? start))
    }
    #expect(waits.map(\.components.seconds) == [0, 0, 0, 0, 1, 3, 5, 5])
    backoff.failed(fault, at: start, draw: 0)
    #expect(backoff.until == start + .milliseconds(2500))
    #expect(!backoff.isOver(at: start) && backoff.isOver(at: start + .milliseconds(2500)))
    backoff.succeeded()
    #expect(backoff.isOver(at: start))
  }
}
