/// How many bytes of requests one loop keeps at once, each until its answer begins.

struct KeptBodies {
  private(set) var bytes = 0
  let limit: Int

  init(limit: Int) { self.limit = limit }

  /// - Returns: false where there is no room for that; nothing has then changed.
  mutating func take(_ count: Int) -> Bool {
    guard bytes + count <= limit else { return false }
    bytes += count
    return true
  }

  /// Counts bytes that are here already, room or not.
  mutating func note(_ count: Int) { bytes += count }

  mutating func release(_ count: Int) { bytes -= count }
}
