/// A file that a job has made, on its way: its type is told by its first bytes, and the rest is passed on as it comes.

import HTTPFraming
import MediaJobs
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
    /// - Parameter url: where it is instead.
    case moved(url: String)
    /// - Parameter mayTryAgain: nothing of it has been given, and it may be there another time.
    case failed(String, mayTryAgain: Bool)
  }

  private var reader: (any JobFileReader)?
  private var hasBegun = false
  private var start: [UInt8] = []
  private var announced: String?
  private var count = 0
  private let limit: Int

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
    if case .length(let length) = head.framing, length > limit { return end(tooLarge) }
    announced = head.fields.first { $0.id == .contentType }.map { span.text($0.value) }
  }

  private static let location = Array("location".utf8)

  private var tooLarge: End { .failed("its file has more than \(limit) bytes", mayTryAgain: false) }

  func payloadReceived(_ bytes: RawSpan) {
    guard let reader else { return }
    count += bytes.byteCount
    guard count <= limit else { return end(tooLarge) }
    guard !hasBegun else { return reader.fileBytes(bytes) }
    bytes.withUnsafeBytes { start.append(contentsOf: $0) }
    if start.count >= MediaType.signatureBytes { begin() }
  }

  /// By the first bytes, or, where those tell nothing, by what the head says.
  private func begin() {
    let said = announced?.split(separator: ";").first.map { $0.lowercased() }
    let known = said.flatMap { $0.hasPrefix("image/") || $0.hasPrefix("video/") ? $0 : nil }
    let isWord = { (text: String) in text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") } }
    guard let type = MediaType.of(start) ?? known, isWord(type) else {
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
