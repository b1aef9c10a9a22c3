/// Takes an answer's bytes from libcurl as they come: keeps so many, and notes when the first token was there.

import CCurl
import Dialects
import Synchronization

/// Used on the transfer's thread alone, but for `stop`.
final class AnswerSink {
  private let handle: UnsafeMutableRawPointer
  private let bodyLimit: Int
  private let headLimit: Int
  private let endpoint: Endpoint?
  private let stop: StopFlag
  private let startedAt = ContinuousClock().now
  private var headBytes = 0
  private var reader: AnswerReader?
  private(set) var body: [UInt8] = []
  /// The head's. libcurl's own figure is, for a request with a body, when that body began to be sent.
  private(set) var firstByte: Duration?
  private(set) var firstToken: Duration?
  private(set) var isHeadTooLarge = false
  private(set) var isTooLarge = false

  /// - Parameter endpoint: whose answers it reads; nil where the answer is no model's.
  init(handle: UnsafeMutableRawPointer, settings: ProbeSettings, endpoint: Endpoint?, stop: StopFlag) {
    self.handle = handle
    bodyLimit = settings.answerBytes
    headLimit = settings.headBytes
    self.endpoint = endpoint
    self.stop = stop
  }

  var isStopped: Bool { stop.isSet }

  func facts() -> AnswerFacts? { reader?.end() }

  private func headArrived(_ count: Int) -> Bool {
    if firstByte == nil { firstByte = ContinuousClock().now - startedAt }
    headBytes += count
    if headBytes > headLimit { isHeadTooLarge = true }
    return !isHeadTooLarge
  }

  private func bodyArrived(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard body.count + bytes.count <= bodyLimit else {
      isTooLarge = true
      return false
    }
    body.append(contentsOf: bytes)
    guard let endpoint else { return true }
    if reader == nil {
      var status = 0
      crossfade_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
      reader = AnswerReader(endpoint: endpoint, status: status, format: .other)
    }
    if reader?.read(bytes.bytes).contains(.firstContent) == true { firstToken = ContinuousClock().now - startedAt }
    return true
  }

  // MARK: what libcurl calls

  /// A piece that is not taken whole ends the transfer.
  static let head: crossfade_curl_sink = { _, size, count, context in
    guard let context else { return 0 }
    let sink = Unmanaged<AnswerSink>.fromOpaque(context).takeUnretainedValue()
    return sink.headArrived(size * count) ? size * count : 0
  }

  static let body: crossfade_curl_sink = { bytes, size, count, context in
    guard let context, let bytes else { return 0 }
    let sink = Unmanaged<AnswerSink>.fromOpaque(context).takeUnretainedValue()
    return sink.bodyArrived(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
  }

  static let progress: crossfade_curl_progress = { context, _, _, _, _ in
    guard let context else { return 1 }
    return Unmanaged<AnswerSink>.fromOpaque(context).takeUnretainedValue().isStopped ? 1 : 0
  }
}

/// Ends a transfer from another thread; it notices within a second.
final class StopFlag: Sendable {
  private let flag = Atomic(false)

  var isSet: Bool { flag.load(ordering: .relaxed) }
  func set() { flag.store(true, ordering: .relaxed) }
}
