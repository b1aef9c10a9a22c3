/// The part of a report that is about pictures and videos made by jobs.

import RolloutJudge

package struct ShownMedia: Sendable, Encodable {
  package var url: String
  package var authentication: String
  /// Why its address cannot be reached; absent where it can.
  package var unreachable: String?
  /// Absent where none was asked for.
  package var picture: ShownPicture?

  init(_ findings: MediaFindings) {
    url = findings.url
    authentication = findings.authentication.word
    unreachable = findings.unreachable?.text
    picture = findings.picture.map(ShownPicture.init)
  }
}

/// One small picture; durations in milliseconds.
package struct ShownPicture: Sendable, Encodable {
  /// `made`, `failed`, `late`, `lost`, `not_asked`.
  package var state: String
  package var model: String?
  package var timeToResult: Double?
  package var type: String?
  package var width: Int?
  package var height: Int?
  package var bytes: Int?
  package var reason: String?

  enum CodingKeys: String, CodingKey {
    case state, model, type, width, height, bytes, reason
    case timeToResult = "time_to_result"
  }

  init(_ finding: PictureFinding) {
    switch finding {
    case .made(let model, let time, let file):
      (state, self.model, timeToResult) = ("made", model, time.milliseconds)
      (type, width, height, bytes) = (file.type, file.width, file.height, file.bytes)
    case .failed(let model, let reason): (state, self.model, self.reason) = ("failed", model, reason)
    case .late(let model, let isCalledOff):
      (state, self.model, reason) = ("late", model, isCalledOff ? "called off" : "not called off")
    case .lost(let model): (state, self.model) = ("lost", model)
    case .noModel: state = "not_asked"
    }
  }

  /// `black-forest-labs/flux-schnell in 1.24 s: image/png, 1024x1024, 34 KiB`.
  var line: String {
    guard state == "made" else {
      return [model, state == "not_asked" ? "not asked for" : state, reason].compactMap(\.self).joined(separator: ", ")
    }
    let size = width.flatMap { width in height.map { "\(width)x\($0)" } }
    let file = [type ?? "no picture that is known", size, bytes.map { "\(max(1, $0 >> 10)) KiB" }]
    return "\(model ?? "") in \(ProbeTable.milliseconds(timeToResult ?? 0)): "
      + file.compactMap(\.self).joined(separator: ", ")
  }
}
