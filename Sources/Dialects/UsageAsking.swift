/// Asks a candidate to count its tokens at the end of a stream, which OpenRouter always does and others do when asked.

extension RequestFacts {
  /// The edits that make a streamed chat or legacy completion ask for `stream_options.include_usage`.
  ///
  /// Every occurrence of a repeated key is edited; a body that asks already, or for no stream, needs none.
  /// - Parameter body: that these facts were read from.
  /// - Returns: in order of their ranges; insertions have empty ones.
  package func usageEdits(in body: RawSpan) -> [BodyEdit] {
    guard stream, !includesUsage else { return [] }
    let options = places.filter { $0.name == .streamOptions }
    guard options.isEmpty else { return options.map { Self.asking($0.value, body) } }
    guard let stream = places.last(where: { $0.name == .stream }) else { return [] }
    let end = stream.value.upperBound
    return [BodyEdit(range: end..<end, replacement: Array(#","stream_options":{"include_usage":true}"#.utf8))]
  }

  /// - Parameter options: the value of `stream_options`, whatever it is.
  private static func asking(_ options: Range<Int>, _ body: RawSpan) -> BodyEdit {
    guard body.byte(at: options.lowerBound) == UInt8(ascii: "{") else {
      return BodyEdit(range: options, replacement: Array(#"{"include_usage":true}"#.utf8))
    }
    if let asked = JSONSyntax.value(of: FieldName("include_usage"), body, in: options) {
      return BodyEdit(range: asked, replacement: Array("true".utf8))
    }
    let start = options.lowerBound + 1
    let isEmpty = body.byte(at: JSONSyntax.skipSpace(body, start)) == UInt8(ascii: "}")
    return BodyEdit(range: start..<start, replacement: Array(#""include_usage":true"#.utf8) + (isEmpty ? [] : [0x2C]))
  }
}

extension [BodyEdit] {
  /// These and others in one order. Where two would touch the same bytes the cut goes on.
  package func merged(with others: [BodyEdit]) -> [BodyEdit] {
    guard !others.isEmpty else { return self }
    let free = others.filter { other in
      // An insertion within a cut, or at its end, would be left standing alone; at its start it belongs to what comes before.
      !contains { cut in
        cut.range.overlaps(other.range)
          || cut.range.lowerBound < other.range.lowerBound && other.range.lowerBound <= cut.range.upperBound
      }
    }
    return (self + free).sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
  }
}
