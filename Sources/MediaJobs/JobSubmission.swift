/// A picture or video asked for in a vendor's own words: the request that creates the job.

package import Dialects

package struct JobSubmission: Sendable, Equatable {
  package let path: String
  package let headers: [JobForm.Header]
  package let body: [UInt8]

  /// The playbook's own words for a model's parameters, on top of the row's.
  package struct Changes: Sendable, Equatable {
    package var drop: Set<String>
    package var rename: [String: String]

    package init(drop: Set<String> = [], rename: [String: String] = [:]) {
      self.drop = drop
      self.rename = rename
    }
  }

  /// - Parameters:
  ///   - model: the arm's own id, which may hold slashes.
  /// - Throws: what the vendor has no word for; a request is never half asked.
  package init(_ media: MediaRequest, _ form: JobForm, model: String, _ changes: Changes = Changes())
    throws(Untranslatable)
  {
    if form.submit.contains("{model}"), !Self.isPath(model) { throw .modelUnmapped }
    path = form.submit.replacing("{model}", with: model)
    headers = form.headers
    let parameters = try Parameters(media, form.names, model: model, changes)
    var out: [UInt8] = [UInt8(ascii: "{")]
    var id: [UInt8] = []
    id.write(quoted: model)
    out.append(contentsOf: form.fixed.replacing("{model}", with: String(decoding: id, as: UTF8.self)).utf8)
    if let wrapper = form.wrapper {
      out.separate()
      out.write(quoted: wrapper)
      out.write(":{")
    }
    for (name, value) in parameters.list {
      out.separate()
      out.write(quoted: name)
      out.write(":")
      out += value
    }
    if form.wrapper != nil { out.write("}") }
    out.write("}")
    body = out
  }

  /// Whether a model's id is a part of a path, and of no other path than its own.
  package static func isPath(_ model: String) -> Bool {
    let segments = model.split(separator: "/", omittingEmptySubsequences: false)
    return segments.allSatisfy { segment in
      !segment.isEmpty && segment != "." && segment != ".."
        && segment.utf8.allSatisfy { byte in
          switch byte {
          case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
          default: "-_.:@~".utf8.contains(byte)
          }
        }
    }
  }
}

private struct Parameters {
  private(set) var list: [(name: String, value: [UInt8])] = []
  private let changes: JobSubmission.Changes

  init(_ media: MediaRequest, _ names: MediaNames, model: String, _ changes: JobSubmission.Changes)
    throws(Untranslatable)
  {
    self.changes = changes
    if let name = names.model { add(name, text: model) }
    add(names.prompt, JSONText.escaped(media.prompt), quoted: true)
    try addReferences(media, names)
    try addSize(media, names)
    if let count = media.count, count > 1 || names.count != nil {
      guard let name = names.count else { throw .severalChoices }
      add(name, Array(String(count).utf8))
    }
    // A seed, a file's type: wishes, which a vendor that does not know them does without.
    if let name = names.seed, let seed = media.seed { add(name, Array(String(seed).utf8)) }
    if let name = names.format, let format = media.outputFormat { add(name, text: format) }
    if let duration = media.duration {
      guard let name = names.duration else { throw .schemaNotExpressible }
      let isWhole = duration == duration.rounded() && abs(duration) < 1e6
      let text = isWhole ? String(Int(duration)) : String(duration)
      if names.quotesDuration { add(name, text: text) } else { add(name, Array(text.utf8)) }
    }
  }

  private mutating func addReferences(_ media: MediaRequest, _ names: MediaNames) throws(Untranslatable) {
    guard !media.references.isEmpty else { return }
    guard let row = names.references else { throw .contentPart }
    let areData = media.references.contains { $0.starts(with: "data:".utf8) }
    guard names.takesDataURLs || !areData else { throw .contentPart }
    let name = changes.rename[row] ?? row
    guard Self.single.contains(name) else {
      var value: [UInt8] = []
      value.write(list: media.references.map(Self.quoted))
      return add(row, value)
    }
    guard media.references.count == 1 else { throw .contentPart }
    add(row, Self.quoted(media.references[0]))
  }

  /// Names that mean one picture.
  private static let single: Set<String> = [
    "image", "image_url", "input_image", "image_prompt", "start_image", "first_frame_image", "img_url",
  ]

  private mutating func addSize(_ media: MediaRequest, _ names: MediaNames) throws(Untranslatable) {
    if let size = media.size {
      if let form = names.size {
        add(form.name, text: "\(size.width)\(form.separator)\(size.height)")
      } else if let name = names.aspect, let aspect = size.aspect {
        add(name, text: aspect)
      } else {
        throw .schemaNotExpressible
      }
    } else if let aspect = media.aspect {
      guard let name = names.aspect else { throw .schemaNotExpressible }
      add(name, text: aspect)
    }
    if let resolution = media.resolution {
      // The smallest is what a vendor without a choice makes.
      guard let name = names.resolution else {
        guard resolution == "1K" || resolution == "512" else { throw .schemaNotExpressible }
        return
      }
      add(name, text: resolution)
    }
  }

  private mutating func add(_ name: String, text: String) {
    add(name, JSONText.escaped(text.utf8), quoted: true)
  }

  private mutating func add(_ name: String, _ value: [UInt8], quoted: Bool = false) {
    guard !changes.drop.contains(name) else { return }
    list.append((changes.rename[name] ?? name, quoted ? Self.quoted(value) : value))
  }

  private static func quoted(_ inside: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.write(inside: inside)
    return out
  }
}
