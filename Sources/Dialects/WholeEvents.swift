/// Gathers a stream's events one by one, each until it is whole: for whoever says them anew in another dialect.

/// Memory is one event.
package struct WholeEvents: Sendable {
  /// Bytes of one event's data.
  package static let limit = 1 << 20

  private var stream = EventStream()
  private var data: [UInt8] = []
  /// An event was longer than is kept; nothing comes after it.
  package private(set) var isTooLong = false

  package init() {}

  /// - Parameter take: gets each event that has become whole: its name, empty where it has none, and its data.
  package mutating func read(_ bytes: RawSpan, _ take: (_ name: String, _ data: [UInt8]) -> Void) {
    var at = 0
    while !isTooLong {
      switch stream.next(in: bytes, at: &at) {
      case .more: return
      case .joint: append(CollectionOfOne(0x0A))
      case .data(let range): bytes.extracting(range).withUnsafeBytes { append($0) }
      case .dispatch:
        if stream.hasData { take(stream.name.string ?? "", data) }
        data.removeAll(keepingCapacity: true)
        stream.reset()
      }
    }
  }

  private mutating func append(_ bytes: some Collection<UInt8>) {
    guard data.count + bytes.count <= Self.limit else {
      (isTooLong, data) = (true, [])
      return
    }
    data += bytes
  }

  /// The stream has ended: an event without its blank line is taken for one where it has data.
  package mutating func finish(_ take: (_ name: String, _ data: [UInt8]) -> Void) {
    guard stream.hasData, !isTooLong else { return }
    take(stream.name.string ?? "", data)
    data = []
    stream.reset()
  }
}
