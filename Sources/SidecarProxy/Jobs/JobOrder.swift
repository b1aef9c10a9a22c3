/// All that a job is made from: what was asked for, in the application's words and in the vendor's.

import Dialects
import HTTPFraming
import MediaJobs
import NIOCore
import RolloutJudge
import TrafficSplit
import Vendors

/// One object, which every request has room for and few have.
final class JobOrder {
  let form: JobForm
  let media: MediaRequest
  let submission: JobSubmission
  /// The arm's own id.
  let model: String
  /// Where the application asks after a video: all but its id.
  let address: String
  let price: Price?

  /// - Parameter request: the application's.
  init(_ media: MediaRequest, _ form: JobForm, for target: ArmTarget, model: String, _ request: InboundRequest)
    throws(Untranslatable)
  {
    let asked = request.model ?? model
    address = request.videoAddress
    self.media = media
    self.form = form
    self.model = model
    submission = try JobSubmission(media, form, model: model, target.arm.jobChanges(model: model, asked: asked))
    price = target.arm.prices[model]
  }

  /// USD that what is asked for can cost at most.
  var bound: Double {
    var amount = MediaAmount()
    amount.pictures = media.count ?? 1
    amount.megapixels = media.size.map { Double($0.width * $0.height) / 1e6 }
    amount.seconds = media.duration
    return (price?.media ?? .unknown).bound(amount, of: media.kind == .videos ? .videos : .images)
  }

  /// The request that creates the job.
  func request(to target: ArmTarget) -> OutboundRequest {
    var out = ByteBuffer()
    out.writeJobHead(
      "POST", submission.path, to: target, headers: submission.headers, bodyBytes: submission.body.count)
    out.writeBytes(submission.body)
    return OutboundRequest(start: out, order: self)
  }
}

extension JobOrder: ArmOrder {
  func call(
    _ request: OutboundRequest, loop: LoopState, pool: UpstreamPool, receiver: any CallReceiver, patience: Patience,
    startedAt: Int64
  ) -> any ArmCall {
    JobCall(
      loop: loop, order: self, submission: request, pool: pool, receiver: receiver, patience: patience,
      startedAt: startedAt)
  }
}

extension ArmTarget {
  /// A vendor may say what it was told.
  func blotted(_ message: String) -> String {
    guard let key = arm.key?.exposed, !key.isEmpty else { return message }
    return message.replacing(key, with: "****")
  }

  /// How the arm makes what this request asks for; nil where it answers it as it answers all else.
  func jobForm(for request: InboundRequest) -> JobForm? {
    guard worksByJobs, let jobs = arm.outgoing.jobs?.row else { return nil }
    switch request.endpoint {
    case .chatCompletions: return request.facts?.media.contains(.pictures) == true ? jobs.pictures : nil
    case .images: return jobs.pictures
    case .videos: return jobs.videos
    default: return nil
    }
  }
}

extension ByteBuffer {
  /// The head of a request of our own to the host of an arm's jobs.
  /// - Parameter path: with the version that the arm's base path may end in.
  mutating func writeJobHead(
    _ method: String, _ path: String, to target: ArmTarget, headers: [JobForm.Header] = [], bodyBytes: Int = 0
  ) {
    writeString("\(method) ")
    writeString(joined(String(decoding: target.basePath, as: UTF8.self), path))
    writeStaticString(" HTTP/1.1\r\n")
    writeBytes(target.ownLines)
    for header in headers { writeString("\(header.name): \(header.value)\r\n") }
    writeStaticString("Accept: application/json\r\nAccept-Encoding: identity\r\n")
    if bodyBytes > 0 { writeStaticString("Content-Type: application/json\r\n") }
    if bodyBytes > 0 || method != "GET" { writeString("Content-Length: \(bodyBytes)\r\n") }
    writeStaticString("\r\n")
  }
}
