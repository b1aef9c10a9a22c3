/// An application's question after a video that one of the arms makes by a job: the id says which arm and which job.

import Dialects
import HTTPFraming
import MediaJobs
import NIOCore
import RolloutJudge

final class VideoQuestion {
  let id: VideoID
  let job: VideoJob
  let form: JobForm
  /// The video itself is asked for, in place of its state.
  let wantsContent: Bool

  private init(_ id: VideoID, _ job: VideoJob, _ form: JobForm, wantsContent: Bool) {
    self.id = id
    self.job = job
    self.form = form
    self.wantsContent = wantsContent
  }

  /// - Returns: nil for every other request, and for a video that no arm of ours has.
  static func read(_ request: InboundRequest, _ targets: [ArmTarget]) -> (question: VideoQuestion, target: ArmTarget)? {
    let bytes = request.bytes
    guard request.head.method == .get,
      bytes.readableBytesSpan.begins(request.pathAfterBase, withLowercase: "/videos/cf.")
    else { return nil }
    let path = bytes.readableBytesSpan.text(request.pathAfterBase).prefix { $0 != "?" }
    let segments = path.split(separator: "/")
    guard segments.count == 2 || segments.count == 3 && segments[2] == "content",
      let id = VideoID(segments[1], among: targets.map(\.arm.name)),
      let target = targets.first(where: { $0.arm.name == id.arm }), let form = target.arm.outgoing.jobs?.row.videos,
      let job = VideoJob(id.job, form)
    else { return nil }
    return (VideoQuestion(id, job, form, wantsContent: segments.count == 3), target)
  }
}

extension VideoQuestion: ArmOrder {
  func call(
    _ request: OutboundRequest, loop: LoopState, pool: UpstreamPool, receiver: any CallReceiver, patience: Patience,
    startedAt: Int64
  ) -> any ArmCall {
    VideoCall(loop: loop, question: self, pool: pool, receiver: receiver, patience: patience)
  }
}

extension InboundRequest {
  /// Where the application asks after its videos, up to their ids: at the host that it has called.
  var videoAddress: String {
    let path = path
    let end = path.range(of: "/video")?.lowerBound ?? path.endIndex
    let base = "\(path[..<end])/videos/"
    guard let host = text(of: Array("host".utf8)), MediaURL("http://\(host)/")?.path == "/" else { return base }
    return "http://\(host)\(base)"
  }
}

extension String {
  fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}
