/// Judges what an arm makes by jobs: whether it can be asked for, and what became of a picture.

extension ArmVerdict {
  mutating func judge(_ media: MediaFindings, _ findings: ArmFindings) {
    if !findings.isOfJobsAlone { judgeApart(media) }
    judgeCatalogue(findings)
    if let picture = media.picture { judge(picture) }
  }

  /// Text and pictures are asked for at two addresses, which may not take the same key.
  private mutating func judgeApart(_ media: MediaFindings) {
    var apart = ArmVerdict()
    if let failure = media.unreachable {
      apart.reasons.append(failure.text)
    } else {
      apart.judge(media.authentication, Self.job)
    }
    reasons += apart.reasons.map { "for pictures and videos (\(media.url)): \($0)" }
    remarks += apart.remarks.map { "for pictures and videos (\(media.url)): \($0)" }
  }

  private mutating func judgeCatalogue(_ findings: ArmFindings) {
    let open = findings.models.filter { $0.state == .unknown }.map(\.model)
    guard !open.isEmpty, case .accepted = findings.media?.authentication else { return }
    remarks.append("it has no catalogue of what it makes by jobs: \(open.joined(separator: ", ")) cannot be looked up")
  }

  private mutating func judge(_ picture: PictureFinding) {
    switch picture {
    case .made(let model, _, let file) where file.type?.hasPrefix("image/") != true:
      remarks.append("what \(model) has made is no picture that is known (\(file.type ?? "\(file.bytes) bytes"))")
    case .made: break
    case .failed(let model, let why): reasons.append("a small picture by \(model) failed: \(why)")
    case .late(let model, let isCalledOff):
      reasons.append(
        "a small picture by \(model) was not ready in time, and was \(isCalledOff ? "" : "not ")called off")
    case .lost(let model):
      reasons.append("its answer to the creation of a picture by \(model) was lost: it may be made and billed")
    case .noModel: remarks.append("no picture was asked for: the playbook names no model of pictures by its whole id")
    }
  }
}
