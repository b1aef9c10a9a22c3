/// The pool's books: who gets which connection, and when there is none.

import Testing

@testable import SidecarProxy

@Suite struct PoolMachineTests {
  /// - Returns: the connection that was reused; 0 for a new one, -1 for a refusal.
  private func lease(_ pool: inout PoolMachine<Int>, fresh: Bool = false) -> Int {
    switch pool.lease(fresh: fresh) {
    case .reuse(let connection, since: _): connection
    case .connect: 0
    case .refused: -1
    }
  }

  @Test("connects up to its capacity and refuses beyond it, until one is gone")
  func capacity() {
    var pool = PoolMachine<Int>(capacity: 2, idleLimit: 10)
    #expect([lease(&pool), lease(&pool), lease(&pool)] == [0, 0, -1])
    pool.closed()
    #expect(lease(&pool) == 0)
    #expect(pool.open == 2)
  }

  @Test("reuses the connection that was released last")
  func lastInFirstOut() {
    var pool = PoolMachine<Int>(capacity: 4, idleLimit: 10)
    for _ in 1...3 { _ = lease(&pool) }
    for connection in 1...3 { pool.release(connection, at: 0) }
    #expect([lease(&pool), lease(&pool), lease(&pool), lease(&pool)] == [3, 2, 1, 0])
    #expect(pool.open == 4)
  }

  @Test("a fresh lease leaves idle connections alone, and counts towards the capacity")
  func fresh() {
    var pool = PoolMachine<Int>(capacity: 2, idleLimit: 10)
    _ = lease(&pool)
    pool.release(7, at: 0)
    #expect(lease(&pool, fresh: true) == 0)
    #expect(lease(&pool, fresh: true) == -1)
    #expect(lease(&pool) == 7)
  }

  @Test("an idle connection that its arm closes is never leased")
  func idleClosed() {
    var pool = PoolMachine<Int>(capacity: 4, idleLimit: 10)
    for _ in 1...2 { _ = lease(&pool) }
    pool.release(1, at: 0)
    pool.release(2, at: 0)
    #expect(pool.idleClosed { $0 == 2 } != nil)
    #expect(pool.idleClosed { $0 == 99 } == nil)
    #expect(pool.open == 1)
    #expect([lease(&pool), lease(&pool)] == [1, 0])
  }

  @Test("takes out exactly those that waited for the limit or longer", arguments: [0, 9, 10, 14, 15, 100] as [Int64])
  func expiry(_ now: Int64) {
    var pool = PoolMachine<Int>(capacity: 4, idleLimit: 10)
    for _ in 1...2 { _ = lease(&pool) }
    pool.release(1, at: 0)
    pool.release(2, at: 5)
    let expected = now >= 15 ? [1, 2] : now >= 10 ? [1] : []
    #expect(pool.expire(at: now) == expected)
    #expect(pool.open == 2 - expected.count)
    #expect(pool.idleCount == 2 - expected.count)
  }

  @Test("the one that has waited longest makes room, and those that go nowhere any more are taken out")
  func makingRoom() {
    var pool = PoolMachine<Int>(capacity: 4, idleLimit: 10)
    for _ in 1...4 { _ = lease(&pool) }
    for connection in 1...3 { pool.release(connection, at: Int64(connection)) }
    #expect(pool.takeOldest() == 1)
    #expect(pool.open == 3 && pool.idleCount == 2)
    let gone = pool.takeIdle { $0 == 3 }
    let again = pool.takeIdle { $0 == 3 }
    #expect(gone == [3] && again == [])
    #expect(pool.open == 2 && pool.idleCount == 1)
    #expect(pool.takeOldest() == 2)
    #expect(pool.takeOldest() == nil)
    #expect(pool.open == 1)
  }

  @Test("draining hands out all idle connections once")
  func drain() {
    var pool = PoolMachine<Int>(capacity: 4, idleLimit: 10)
    for _ in 1...3 { _ = lease(&pool) }
    pool.release(1, at: 0)
    pool.release(2, at: 0)
    #expect(pool.drain() == [1, 2])
    #expect(pool.drain().isEmpty)
    #expect(pool.open == 1)
  }
}
