/// Reads one message on the way over it: its role, and parts of its content that not every arm takes.

struct MessageParts {
  /// Whether it instructs the model: its role is `system` or `developer`.
  private(set) var isSystem = false
  private(set) var traits: RequestTraits = []
  private(set) var extras = MessageExtras()

  /// - Returns: the offset after the message; nil where it is not JSON.
  @inline(__always)
  mutating func read(_ body: RawSpan, _ start: Int) -> Int? {
    guard var members = JSONMembers(body, at: start, depth: 2) else {
      return JSONSyntax.skipValue(body, start, depth: 2)
    }
    var end = start
    while let key = members.nextKey(body, after: end) {
      let value = members.value
      let isContent = body.byte(ifAt: value) == UInt8(ascii: "[") && JSONText.holds("content", body, key)
      let next = isContent ? readContent(body, value) : JSONSyntax.skipValue(body, value, depth: 3)
      guard let next else { return nil }
      if JSONText.holds("role", body, key) { isSystem = Self.isSystem(body, value..<next) }
      if JSONText.holds("type", body, key) { noteItem(body, value..<next) }
      if !Self.isCommon(key, body) { extras.formUnion(.members) }
      end = next
    }
    return members.hasFailed ? nil : members.value
  }

  /// Whether every arm knows a message's member by this key.
  @inline(__always)
  private static func isCommon(_ key: Range<Int>, _ body: RawSpan) -> Bool {
    JSONText.holds("role", body, key) || JSONText.holds("content", body, key)
      || JSONText.holds("tool_calls", body, key) || JSONText.holds("tool_call_id", body, key)
  }

  private static func isSystem(_ body: RawSpan, _ role: Range<Int>) -> Bool {
    RequestReader.isString(body, role)
      && (JSONText.holds("system", body, role) || JSONText.holds("developer", body, role))
  }

  /// An item of `input` that stands for one which the vendor keeps.
  private mutating func noteItem(_ body: RawSpan, _ type: Range<Int>) {
    if RequestReader.isString(body, type), JSONText.holds("item_reference", body, type) { traits.insert(.storedState) }
  }

  private mutating func readContent(_ body: RawSpan, _ start: Int) -> Int? {
    guard var parts = JSONElements(body, at: start, depth: 3) else { return nil }
    var end = start
    while parts.next(body, after: end) {
      guard let next = readPart(body, parts.at) else { return nil }
      end = next
    }
    return parts.hasFailed ? nil : parts.at
  }

  private mutating func readPart(_ body: RawSpan, _ start: Int) -> Int? {
    guard var members = JSONMembers(body, at: start, depth: 4) else {
      return JSONSyntax.skipValue(body, start, depth: 4)
    }
    var end = start
    while let key = members.nextKey(body, after: end) {
      let value = members.value
      var id: Range<Int>?
      // `source` of Anthropic's blocks, `file` of the chat's, may name a file that the vendor keeps.
      let next =
        JSONText.holds("source", body, key) || JSONText.holds("file", body, key)
        ? JSONSyntax.skipValue(body, value, depth: 5, finding: "file_id", &id)
        : JSONSyntax.skipValue(body, value, depth: 5)
      guard let next else { return nil }
      if id != nil || JSONText.holds("file_id", body, key) && RequestReader.says(body, value..<next) {
        traits.insert(.storedState)
      }
      if JSONText.holds("type", body, key) { notePart(body, value..<next) }
      if JSONText.holds("cache_control", body, key) { extras.formUnion(.cacheControl) }
      end = next
    }
    return members.hasFailed ? nil : members.value
  }

  /// Texts and pictures, which nearly all parts are, are told by a byte or two.
  private mutating func notePart(_ body: RawSpan, _ type: Range<Int>) {
    guard RequestReader.isString(body, type) else { return }
    func reads(_ name: StaticString) -> Bool { JSONText.holds(name, body, type) }
    if reads("text") || reads("image_url") || reads("input_text") { return }
    if reads("input_audio") || reads("audio") { traits.insert(.audioPart) }
    if reads("file") || reads("input_file") { traits.insert(.filePart) }
    if reads("video_url") || reads("video") || reads("input_video") { traits.insert(.videoPart) }
    if reads("container_upload") { traits.insert(.storedState) }
  }
}
