/// The step of a probe that asks a vendor of pictures for one.

import Dialects
import MediaJobs
import RolloutJudge

extension ArmExamination {
  mutating func makePicture(_ jobs: ArmJobs) {
    guard let form = jobs.row.pictures else { return }
    guard let model = modelToDraw else {
      findings.media?.picture = .noModel
      return
    }
    progress("one small picture by \(model)")
    findings.billedRequests += 1
    do {
      var job = try PictureJob(
        model, jobs, form, target.arm.jobChanges(model: model, asked: model),
        headers: target.headerLines(withKey: true),
        client: client, settings: settings)
      let picture = job.run().withoutSecrets(target.secrets)
      findings.media?.picture = picture
    } catch {
      findings.media?.picture = .failed(model: model, "the vendor has no words for a plain picture")
    }
  }

  /// The first with a price for pictures, else the first that no text is known to come from. What may be a video is not
  /// asked for: it would cost a hundred times as much.
  private var modelToDraw: String? {
    let models = target.models.filter { model in
      !model.contains("*") && !Self.mayBeVideo(model) && list?.ids.contains(model) != true
    }
    return models.first { target.arm.prices[$0]?.media?.perImage != nil } ?? models.first
  }

  static func mayBeVideo(_ model: String) -> Bool {
    let name = model.lowercased()
    return ["video", "t2v", "i2v", "veo", "sora", "kling", "seedance", "hailuo", "runway", "wan-", "wan2", "ltx"]
      .contains { name.contains($0) }
  }
}

extension PictureFinding {
  /// A vendor's words may quote what it was sent.
  fileprivate func withoutSecrets(_ secrets: [String]) -> PictureFinding {
    guard case .failed(let model, let words) = self else { return self }
    let shown = words.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(200)
    return .failed(model: model, String(String.UnicodeScalarView(shown)).withoutSecrets(secrets))
  }
}
