/// The fields of a creation that a vendor knows: what they must be, and what it makes of them.

struct MediaParams: Sendable, Equatable {
  /// The member under which the fields stand; nil: at the top.
  var wrapper: String?
  /// The member with further fields, beside the wrapper.
  var settings: String?
  /// All members that may stand at the top; nil: any.
  var top: Set<String>?
  /// Members that must stand at the top, beside the wrapper.
  var topRequired: [String] = []
  var required: [String] = ["prompt"]
  var forms: [String: FieldForm] = [:]
  /// Fields that models which begin so refuse.
  var without: [String: [String]] = [:]
  /// Fields beside `forms` are refused.
  var isClosed = false
  var sizing: [AskedMedia.Sizing] = []
  /// The field with the number of pictures.
  var count: String?
  /// The field with a video's length.
  var seconds: String?

  enum FieldForm: Sendable, Equatable {
    case any, text, flag, number
    case whole(ClosedRange<Int>)
    case words([String])
    /// A list of texts.
    case texts
    /// A text or an object.
    case textOrObject
  }

  /// - Returns: the first thing that is wrong; `place` names the field, or the wrapper.
  func complaint(about body: JSONValue) -> Complaint? {
    if let top, let stray = body.members.first(where: { !top.contains($0.name) }) {
      return Complaint(place: stray.name, kind: .unknown)
    }
    if let absent = topRequired.first(where: { body[$0]?.isAbsent ?? true }) {
      return Complaint(place: absent, kind: .missing)
    }
    if let wrapper, body[wrapper]?.isObject != true {
      return Complaint(place: wrapper, kind: body[wrapper] == nil ? .missing : .value("must be an object"))
    }
    let fields = fields(of: body)
    if let absent = required.first(where: { fields[$0]?.isAbsent ?? true }) {
      return Complaint(place: absent, kind: .missing)
    }
    for member in fields.members {
      guard let form = forms[member.name] else {
        if isClosed { return Complaint(place: member.name, kind: .unknown) }
        continue
      }
      if let message = form.complaint(about: member.value) {
        return Complaint(place: member.name, kind: .value(message))
      }
    }
    let model = body["model"]?.string ?? ""
    let refused = without.filter { fields[$0.key] != nil && $0.value.contains(where: model.hasPrefix) }
    return refused.keys.min().map { Complaint(place: $0, kind: .unknown) }
  }

  func fields(of body: JSONValue) -> JSONValue {
    guard let wrapper else { return body }
    return .object((body[wrapper]?.members ?? []) + (settings.flatMap { body[$0] }?.members ?? []))
  }
}

extension JSONValue {
  /// `null`, or a text without a letter.
  fileprivate var isAbsent: Bool { text == "null" || string == "" }
  fileprivate var isObject: Bool { if case .object = self { true } else { false } }
}

extension MediaParams.FieldForm {
  /// - Returns: what follows the field's name; nil where the value will do. `null` always does.
  fileprivate func complaint(about value: JSONValue) -> String? {
    if value.text == "null" { return nil }
    switch self {
    case .any: return nil
    case .text: return value.string == nil ? "must be a string" : nil
    case .flag: return ["true", "false"].contains(value.text) ? nil : "must be a boolean"
    case .number: return value.number == nil ? "must be a number" : nil
    case .whole(let range):
      guard let number = value.wholeNumber, range.contains(number) else {
        return "must be an integer from \(range.lowerBound) to \(range.upperBound)"
      }
      return nil
    case .words(let words):
      guard let word = value.string, words.contains(word) else {
        return "must be one of the following: " + words.joined(separator: ", ")
      }
      return nil
    case .texts:
      guard case .array(let elements) = value, elements.allSatisfy({ $0.string != nil }) else {
        return "must be a list of strings"
      }
      return nil
    case .textOrObject:
      if value.string != nil { return nil }
      if case .object = value { return nil }
      return "must be a string or an object"
    }
  }
}
