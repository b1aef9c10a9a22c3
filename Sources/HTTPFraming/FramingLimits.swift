/// How much of a message's framing is read before it is refused; bodies are passed on, not kept, and have no limit.

/// All sizes are in bytes of the wire, line endings included.
package struct FramingLimits: Sendable, Hashable {
  /// A start line with all field lines and the empty line after them.
  package var headBytes: Int
  /// Field lines of one head, and of one trailer section.
  package var fieldCount: Int
  /// The values of all `Connection` fields of one head together; what they name is looked up for every field.
  package var connectionBytes: Int
  /// One chunk-size line with its extensions.
  package var chunkLineBytes: Int
  /// The bytes that chunk framing may cost beyond the payload it carries, over a whole body.
  package var chunkOverheadBytes: Int
  /// The trailer section of one chunked body.
  package var trailerBytes: Int

  package init(
    headBytes: Int = 65_536, fieldCount: Int = 128, connectionBytes: Int = 1_024, chunkLineBytes: Int = 1_024,
    chunkOverheadBytes: Int = 16_384, trailerBytes: Int = 8_192
  ) {
    self.headBytes = min(max(headBytes, 0), Int(Int32.max))
    self.fieldCount = fieldCount
    self.connectionBytes = connectionBytes
    self.chunkLineBytes = chunkLineBytes
    self.chunkOverheadBytes = chunkOverheadBytes
    self.trailerBytes = trailerBytes
  }
}
