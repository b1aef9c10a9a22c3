/// The field lines that are passed on: runs of bytes to copy, without hop-by-hop fields and what the caller drops.

/// A `Connection` field may name fields of its own for removal (RFC 9110 7.6.1). Only fields that Crossfade does not
/// know can go that way: naming `Content-Length`, `Host`, `Authorization` or any other known field changes nothing, so
/// nobody can strip what frames, routes or authorises a message.
package struct EndToEndFields: Sendable {
  private let fields: [FieldLine]
  private let dropped: KnownFieldSet
  private let namesFields: Bool
  private var index = 0

  /// `dropped` is on top of the hop-by-hop fields.
  package init(of head: RequestHead, dropping dropped: KnownFieldSet = []) {
    self.init(head.fields, dropping: dropped, connectionNamesFields: head.connectionNamesFields)
  }

  package init(of head: ResponseHead, dropping dropped: KnownFieldSet = []) {
    self.init(head.fields, dropping: dropped, connectionNamesFields: head.connectionNamesFields)
  }

  private init(_ fields: [FieldLine], dropping dropped: KnownFieldSet, connectionNamesFields: Bool) {
    self.fields = fields
    self.dropped = dropped.union(.hopByHop)
    namesFields = connectionNamesFields
  }

  /// The next run of whole lines to copy from the head's `bytes`, as long as it can be; nil after the last one.
  package mutating func nextRun(in bytes: RawSpan) -> Range<Int>? {
    while index < fields.count && isDropped(fields[index], in: bytes) { index &+= 1 }
    guard index < fields.count else { return nil }
    let start = fields[index].line.lowerBound
    var end = start
    while index < fields.count && !isDropped(fields[index], in: bytes) {
      end = fields[index].line.upperBound
      index &+= 1
    }
    return Range(uncheckedBounds: (start, end))
  }

  /// All runs that are left.
  package consuming func runs(in bytes: RawSpan) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    while let run = nextRun(in: bytes) { runs.append(run) }
    return runs
  }

  @inline(__always)
  private func isDropped(_ field: FieldLine, in bytes: RawSpan) -> Bool {
    dropped.contains(field.id) || (namesFields && field.id == .other && isNamedByConnection(field.name, in: bytes))
  }

  /// At most `FramingLimits.connectionBytes` are looked at.
  private func isNamedByConnection(_ name: Range<Int>, in bytes: RawSpan) -> Bool {
    for field in fields where field.id == .connection {
      var options = ListElements(field.value)
      while let option = options.next(in: bytes) {
        if bytes.read(option, like: name) { return true }
      }
    }
    return false
  }
}
