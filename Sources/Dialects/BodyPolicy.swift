/// Which members of a request's body an arm is sent, and under which names; made ready once for all requests.

package struct BodyPolicy: Sendable {
  /// One bit for each `RequestName`.
  private var dropped = Bits128()
  private var droppedOthers: Set<String> = []
  private var keptOthers: Set<String> = []
  /// One bit for each `RequestName` with another name there.
  private var renamed = Bits128()
  private var renames: [Rename] = []
  private let withholdsPrivate: Bool
  /// Only `keptOthers` of the members without a `RequestName`.
  private let dropsOthers: Bool
  private let effort: EffortForm?
  private let form: PictureForm?
  private let values: [(name: FieldName, from: String, to: [UInt8])]

  private struct Rename: Sendable {
    var from: FieldName
    var to: FieldName
    var token: [UInt8]
  }

  /// A stream is then not made to count its tokens either.
  package var dropsStreamOptions: Bool { dropped.contains(RequestName.streamOptions.number) }

  /// - Parameters:
  ///   - dropped: names of members that the arm does not know.
  ///   - renames: the application's name to the arm's own; where a request has both, the application has said what it
  ///     means in the arm's own words, and the other is dropped.
  ///   - kept: sent although they are named after secrets or persons.
  ///   - withholdsPrivate: towards an arm on trial members that are named after secrets or persons stay away.
  ///   - allowed: the only members that the arm knows, with `kept` and those that it renames; nil: all but `dropped`.
  ///   - values: texts that a member may have, and what the arm says in their place.
  ///   - effort: what `reasoning` becomes, whatever else is said of it.
  ///   - form: the arm's words for a picture's size, whatever else is said of the application's.
  package init(
    dropping dropped: some Collection<String>, renaming renames: [FieldRename] = [],
    keeping kept: some Collection<String> = [String](), withholdsPrivate: Bool = false, only allowed: [String]? = nil,
    values: [ValueRename] = [], effort: EffortForm? = nil, form: PictureForm? = nil
  ) {
    self.form = form
    self.withholdsPrivate = withholdsPrivate
    self.effort = effort
    self.values = values.map { (FieldName($0.field), $0.from, JSONText.encoded($0.to)) }
    keptOthers = Set(kept)
    dropsOthers = allowed != nil
    if let allowed {
      self.dropped = .all
      for name in allowed + kept + renames.map(\.from) {
        if let name = RequestName(text: name) { self.dropped.remove(name.number) } else { keptOthers.insert(name) }
      }
    }
    if withholdsPrivate {
      for name in PrivateName.known where !keptOthers.contains(name.rawValue) { self.dropped.insert(name.number) }
    }
    for name in dropped {
      if let name = RequestName(text: name) { self.dropped.insert(name.number) } else { droppedOthers.insert(name) }
    }
    for rename in renames {
      let rename = Rename(
        from: FieldName(rename.from), to: FieldName(rename.to), token: JSONText.encoded(rename.to))
      if let name = rename.from.name { renamed.insert(name.number) }
      self.renames.append(rename)
    }
  }

  @inline(__always)
  func fate(of place: RequestFacts.Place, in facts: RequestFacts, _ body: RawSpan) -> MemberFate {
    guard let name = place.name else { return fate(ofOther: facts.otherKeys[place.other], in: facts) }
    if name == .reasoning, let effort { return fate(ofReasoning: place, as: effort, in: facts, body) }
    if let form, let fate = form.fate(of: place, in: facts, body) { return fate }
    if dropped.contains(name.number) { return .dropped }
    return renamed.contains(name.number) ? renamedFate(name.rawValue, in: facts) : .kept
  }

  private func fate(ofOther key: String, in facts: RequestFacts) -> MemberFate {
    if droppedOthers.contains(key) { return .dropped }
    if !keptOthers.contains(key), dropsOthers || withholdsPrivate && PrivateName.isPrivate(key) { return .dropped }
    return renames.isEmpty ? .kept : renamedFate(key, in: facts)
  }

  private func renamedFate(_ key: String, in facts: RequestFacts) -> MemberFate {
    guard let rename = renames.first(where: { $0.from.text == key }) else { return .kept }
    return facts.value(of: rename.to) == nil ? .renamed(rename.token) : .dropped
  }

  private func fate(
    ofReasoning place: RequestFacts.Place, as form: EffortForm, in facts: RequestFacts, _ body: RawSpan
  ) -> MemberFate {
    // An application that has said it in the arm's own words has said what it means.
    guard facts.value(of: FieldName(form.name)) == nil, let member = form.member(for: place.value, in: body) else {
      return .dropped
    }
    return .replaced(member)
  }

  /// - Returns: what the arm says in place of a member's value; nil where it says the same.
  @inline(__always)
  func value(in place: RequestFacts.Place, _ body: RawSpan) -> [UInt8]? {
    values.isEmpty ? nil : renamedValue(in: place, body)
  }
}

extension BodyPolicy {
  /// The fate of a field, whatever its value and the fields beside it.
  package func treatment(of field: String) -> FieldTreatment {
    let name = RequestName(text: field)
    if name == .reasoning, let effort { return .mapped(effort.name) }
    if let form, let words = form.words(for: name) { return words.isEmpty ? .cut : .mapped(words) }
    if let name {
      if dropped.contains(name.number) { return .cut }
    } else if droppedOthers.contains(field)
      || !keptOthers.contains(field) && (dropsOthers || withholdsPrivate && PrivateName.isPrivate(field))
    {
      return .cut
    }
    if let rename = renames.first(where: { $0.from.text == field }) { return .renamed(to: rename.to.text) }
    let words = values.filter { $0.name.text == field }.map(\.from)
    return words.isEmpty ? .sent : .mapped("the arm's word for \(words.joined(separator: ", "))")
  }

  private func renamedValue(in place: RequestFacts.Place, _ body: RawSpan) -> [UInt8]? {
    guard let name = place.name, RequestReader.isString(body, place.value) else { return nil }
    return values.first { $0.name.name == name && $0.from == JSONText.decoded(body, place.value) }?.to
  }
}

/// A text that a member has in an application's words, and the arm's own.
package struct ValueRename: Sendable, Hashable {
  package var field: String
  package var from: String
  package var to: String

  package init(_ field: String, _ from: String, to: String) {
    self.field = field
    self.from = from
    self.to = to
  }
}
