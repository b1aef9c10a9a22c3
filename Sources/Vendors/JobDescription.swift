/// One kind of a vendor's jobs in words: how it is created, asked after, called off and billed, and what it has no words for.

import MediaJobs

package struct JobDescription: Sendable, Encodable, Equatable {
  /// `pictures` or `videos`.
  package let kind: String
  package let created: String
  /// The names of what it is told, inside `within` where that is there.
  package let parameters: [String]
  package let within: String?
  package let asked: String
  /// Where its state stands, and what it has made.
  package let state: String
  package let outputs: [String]
  /// Absent where it cannot be called off.
  package let calledOff: String?
  /// Absent where it says nothing of what it bills.
  package let bill: String?
  /// The playbook's prices that it can be reckoned with.
  package let prices: [String]
  /// What keeps such a request on the baseline.
  package let lacks: [String]

  enum CodingKeys: String, CodingKey {
    case kind, created, parameters, within, asked, state, outputs, bill, prices, lacks
    case calledOff = "called_off"
  }

  init(_ kind: String, _ form: JobForm) {
    self.kind = kind
    let names = form.names
    created = "POST \(form.submit)"
    parameters =
      [names.model, names.prompt, names.references, names.aspect, names.resolution, names.size?.name, names.count]
      .compactMap(\.self) + [names.duration, names.seed, names.format].compactMap(\.self)
    within = form.wrapper
    asked = ([form.poll] + [form.result].compactMap(\.self)).map(\.words).joined(separator: ", then ")
    state = form.status.text
    outputs = form.outputs.map(\.text)
    calledOff = form.cancel?.words
    bill = form.bill.words
    let own = kind == "videos" ? ["per_second"] : ["per_image", "per_megapixel"]
    let counted = form.bill.credits != nil || form.bill.unitsHeader != nil ? ["per_unit"] : []
    prices =
      form.bill.dollars != nil
      ? [] : own + (form.bill.seconds != nil && kind != "videos" ? ["per_second"] : []) + counted
    lacks = Self.lacks(names, isVideo: kind == "videos")
  }

  private static func lacks(_ names: MediaNames, isVideo: Bool) -> [String] {
    var lacks = isVideo ? [] : ["a conversation"]
    if !isVideo, names.count == nil { lacks.append("n above 1") }
    if names.references == nil {
      lacks.append("pictures to begin from")
    } else if !names.takesDataURLs {
      lacks.append("pictures to begin from that are no links")
    }
    if names.size == nil { lacks.append(names.aspect == nil ? "a size" : "a size of no usual ratio") }
    if names.resolution == nil, !isVideo { lacks.append("a resolution above 1K") }
    if isVideo, names.duration == nil { lacks.append("a length") }
    return lacks
  }

  var lines: [(String, String)] {
    var lines = [
      (
        "a job for \(kind)", "\(created)\(within.map { ", inside \($0)" } ?? ""): \(parameters.joined(separator: ", "))"
      ),
      ("is asked after", "\(asked); its state is \(state), its files \(outputs.joined(separator: " or "))"),
      ("is called off", calledOff ?? "never: it goes on, and is billed"),
    ]
    let price = prices.isEmpty ? "" : "the playbook's \(prices.joined(separator: ", "))"
    lines.append(("costs", [bill, price].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", by ")))
    if !lacks.isEmpty { lines.append(("has no words for", lacks.joined(separator: ", "))) }
    return lines
  }
}

extension JobRequest {
  /// `GET urls.get, else /v1/predictions/{id}`
  fileprivate var words: String {
    let places = [link.map { "the answer's \($0.text)" }, path].compactMap(\.self)
    return "\(method) \(places.joined(separator: ", else "))"
  }
}

extension JobForm.Bill {
  fileprivate var words: String? {
    if let dollars { return "as \(dollars.text) says, in USD" }
    if let credits { return "the credits of \(credits.text), none where it failed" }
    if let seconds { return "the seconds of \(seconds.text)" }
    return unitsHeader.map { "the units of the header \($0)" }
  }
}
