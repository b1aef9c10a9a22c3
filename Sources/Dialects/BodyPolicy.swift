/// Which members of a request's body an arm is sent, and under which names; made ready once for all requests.

package struct BodyPolicy: Sendable {
  /// One bit for each `RequestName`.
  private var dropped: UInt128 = 0
  private var droppedOthers: Set<String> = []
  private var keptOthers: Set<String> = []
  /// One bit for each `RequestName` with another name there.
  private var renamed: UInt128 = 0
  private var renames: [Rename] = []
  private let withholdsPrivate: Bool

  private struct Rename: Sendable {
    var from: FieldName
    var to: FieldName
    var token: [UInt8]
  }

  /// A stream is then not made to count its tokens either.
  package var dropsStreamOptions: Bool { dropped & Self.bit(.streamOptions) != 0 }

  /// The fate of a member.
  enum Fate {
    case kept, dropped
    /// The name's token, quotes included.
    case renamed([UInt8])
  }

  /// - Parameters:
  ///   - dropped: names of members that the arm does not know.
  ///   - renames: the application's name to the arm's own; where a request has both, the application has said what it
  ///     means in the arm's own words, and the other is dropped.
  ///   - kept: sent although they are named after secrets or persons.
  ///   - withholdsPrivate: towards an arm on trial members that are named after secrets or persons stay away.
  package init(
    dropping dropped: some Collection<String>, renaming renames: [(from: String, to: String)] = [],
    keeping kept: some Collection<String> = [String](), withholdsPrivate: Bool = false
  ) {
    self.withholdsPrivate = withholdsPrivate
    keptOthers = Set(kept)
    if withholdsPrivate {
      for name in PrivateName.known where !keptOthers.contains(name.rawValue) { self.dropped |= Self.bit(name) }
    }
    for name in dropped {
      if let name = RequestName(text: name) { self.dropped |= Self.bit(name) } else { droppedOthers.insert(name) }
    }
    for (from, to) in renames {
      let rename = Rename(from: FieldName(from), to: FieldName(to), token: JSONText.encoded(to))
      if let name = rename.from.name { renamed |= Self.bit(name) }
      self.renames.append(rename)
    }
  }

  @inline(__always)
  private static func bit(_ name: RequestName) -> UInt128 { 1 &<< UInt128(truncatingIfNeeded: name.number) }

  @inline(__always)
  func fate(of place: RequestFacts.Place, in facts: RequestFacts) -> Fate {
    guard let name = place.name else { return fate(ofOther: facts.otherKeys[place.other], in: facts) }
    let bit = Self.bit(name)
    if dropped & bit != 0 { return .dropped }
    return renamed & bit == 0 ? .kept : renamedFate(name.rawValue, in: facts)
  }

  private func fate(ofOther key: String, in facts: RequestFacts) -> Fate {
    if droppedOthers.contains(key) { return .dropped }
    if withholdsPrivate, !keptOthers.contains(key), PrivateName.isPrivate(key) { return .dropped }
    return renames.isEmpty ? .kept : renamedFate(key, in: facts)
  }

  private func renamedFate(_ key: String, in facts: RequestFacts) -> Fate {
    guard let rename = renames.first(where: { $0.from.text == key }) else { return .kept }
    return facts.value(of: rename.to) == nil ? .renamed(rename.token) : .dropped
  }
}
