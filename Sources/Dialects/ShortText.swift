/// Holds the start of a text that arrives in pieces, bounded, with its true length.

struct ShortText: Sendable {
  static let capacity = 256

  /// On the heap, allocated once and only where there is text: in place it would be copied wherever the text is looked
  /// at.
  private var storage: [UInt8] = []
  /// Bytes seen; those beyond the capacity are not kept.
  private(set) var count = 0

  init() {}

  init(_ text: StaticString) {
    for offset in 0..<min(text.utf8CodeUnitCount, Self.capacity) { append(text.utf8Start[offset]) }
  }

  var isEmpty: Bool { count == 0 }

  @inline(__always)
  mutating func clear() { count = 0 }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    if count < Self.capacity {
      allocate()
      storage[count] = byte
    }
    count &+= 1
  }

  @inline(__always)
  mutating func append(_ bytes: RawSpan, _ start: Int, _ end: Int) {
    let kept = min(end &- start, Self.capacity &- count)
    if kept > 0 { copy(bytes.extracting(start..<start &+ kept)) }
    count &+= end &- start
  }

  @inline(never)
  private mutating func copy(_ bytes: RawSpan) {
    allocate()
    let count = count
    storage.withUnsafeMutableBytes { storage in
      bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: storage[count...]).copyMemory(from: $0) }
    }
  }

  @inline(__always)
  private mutating func allocate() {
    if storage.isEmpty { storage = [UInt8](repeating: 0, count: Self.capacity) }
  }

  /// Counts bytes without keeping them.
  @inline(__always)
  mutating func skip(_ bytes: Int) { count &+= bytes }

  /// The whole text, or nil where it is longer than the capacity.
  var string: String? {
    guard count <= Self.capacity else { return nil }
    return count == 0 ? "" : storage.span.bytes.string(0..<count)
  }

  /// The bytes that are kept.
  @inline(__always)
  func withBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
    body(storage.span.bytes.extracting(0..<min(count, storage.count)))
  }

  func hasPrefix(_ text: StaticString) -> Bool {
    count >= text.utf8CodeUnitCount && matches(text, at: 0)
  }

  func hasSuffix(_ text: StaticString) -> Bool {
    count <= Self.capacity && count >= text.utf8CodeUnitCount && matches(text, at: count - text.utf8CodeUnitCount)
  }

  func contains(_ text: StaticString) -> Bool {
    let last = min(count, Self.capacity) - text.utf8CodeUnitCount
    return last >= 0 && (0...last).contains { matches(text, at: $0) }
  }

  static func == (text: ShortText, other: StaticString) -> Bool {
    text.count == other.utf8CodeUnitCount && text.matches(other, at: 0)
  }

  @inline(__always)
  private func matches(_ text: StaticString, at start: Int) -> Bool { storage.span.bytes.holds(text, at: start) }
}
