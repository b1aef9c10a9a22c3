/// A file that a job has made, on its way: its type is told by its first bytes, and the rest is passed on as it comes.

import Dialects
import HTTPFraming
import NIOCore

/// Whoever gets a file; `fileEnded` is the last call.
protocol JobFileReader: AnyObject {
  /// - Parameter type: of a picture or a video.
  func fileBegan(type: String)
  func fileBytes(_ bytes: RawSpan)
  func fileBurstEnded()
  func fileEnded(_ end: JobFile.End)
}

final class JobFile: CallReceiver {
  enum End: Equatable {
    case complete
    /// Whoever gets it has read nothing for as long as may be waited.
    case stalled
    /// - Parameter url: where it is instead.
    case moved(url: String)
    /// - Parameter mayTryAgain: nothing of it has been given, and it may be there another time.
    case failed(String, mayTryAgain: Bool)
  }

  private var reader: (any JobFileReader)?
  private var hasBegun = false
  private var start: [UInt8] = []
  private var count = 0
  private let limit: Int
  /// Enough of a file to tell its type.
  private static let signatureBytes = 16

  /// - Parameter limit: the most bytes a file may have.
  init(limit: Int, for reader: any JobFileReader) {
    self.limit = limit
    self.reader = reader
  }

  var wantsPayloadOnly: Bool { true }

  func headReceived(_ head: ResponseHead, _ bytes: ByteBuffer) {
    let span = bytes.readableBytesSpan
    if (300..<400).contains(head.status) {
      let field = head.fields.first { span.reads($0.name, caseInsensitively: Self.location) }
      return end(field.map { .moved(url: span.text($0.value)) } ?? .failed("a redirect to nowhere", mayTryAgain: false))
    }
    guard head.status == 200 else {
      return end(.failed("its file was answered \(head.status)", mayTryAgain: true))
    }
    let coding = head.fields.first { $0.id == .contentEncoding }.map { span.lowercasedText($0.value) } ?? "identity"
    guard coding == "identity" || coding.isEmpty else {
      return end(.failed("its file came under a content coding that nobody asked for", mayTryAgain: false))
    }
    if case .length(let length) = head.framing, length > limit { return end(tooLarge) }
  }

  private static let location = Array("location".utf8)

  private var tooLarge: End { .failed("its file has more than \(limit) bytes", mayTryAgain: false) }

  func payloadReceived(_ bytes: RawSpan) {
    guard let reader else { return }
    count += bytes.byteCount
    guard count <= limit else { return end(tooLarge) }
    guard !hasBegun else { return reader.fileBytes(bytes) }
    bytes.withUnsafeBytes { start.append(contentsOf: $0) }
    if start.count >= Self.signatureBytes { begin() }
  }

  /// By the first bytes: a head says anything.
  private func begin() {
    guard let type = PictureHeader(start)?.type else {
      return end(.failed("its file is neither a picture nor a video", mayTryAgain: false))
    }
    hasBegun = true
    let start = start
    self.start = []
    reader?.fileBegan(type: type)
    reader?.fileBytes(start.span.bytes)
  }

  func readBurstEnded() { reader?.fileBurstEnded() }

  func callEnded(_ ending: CallEnding) {
    guard reader != nil else { return }
    if ending == .clientStalled { return end(.stalled) }
    guard ending == .complete else { return end(.failed("its file was cut off", mayTryAgain: !hasBegun)) }
    if !hasBegun, !start.isEmpty { begin() }
    end(hasBegun ? .complete : .failed("its file is empty", mayTryAgain: true))
  }

  private func end(_ end: End) {
    let reader = reader
    self.reader = nil
    reader?.fileEnded(end)
  }

  func callSent() {}
  func bodyReceived(_ bytes: ByteBuffer) {}
  func bodyComplete() {}
  func writabilityChanged(_ isWritable: Bool) {}
  func timeToWake() {}
}
