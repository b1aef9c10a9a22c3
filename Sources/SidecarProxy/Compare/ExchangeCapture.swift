/// Gathers the answers to one exchange and to its copies, and hands them over when the last of them has ended.

import Dialects
import NIOCore
import RolloutJudge

final class ExchangeCapture {
  private let loop: LoopState
  private let endpoint: Endpoint
  private let asksForPictures: Bool
  private let request: ByteBuffer
  private let credentials: [String]
  private var open = 0
  private var baseline: CapturedAnswer?
  private var copies: [CapturedAnswer] = []
  private var heldBytes = 0
  /// There was no room for all of it: what had been kept is gone, and nothing more is.
  private(set) var isDropped = false
  let answerLimit: Int

  /// - Parameters:
  ///   - request: the body as the application sent it.
  ///   - credentials: the caller's, by value.
  ///   - asksForPictures: their base64 is not kept.
  init(endpoint: Endpoint, request: ByteBuffer, credentials: [String], asksForPictures: Bool = false, loop: LoopState) {
    self.asksForPictures = asksForPictures || endpoint == .images
    self.credentials = credentials
    self.loop = loop
    self.endpoint = endpoint
    // A small one is a slice of a read buffer that may be many times its size.
    self.request = request.readableBytes <= Self.copiedBytes ? ByteBuffer(copying: request) : request
    answerLimit = loop.shared.limits.comparedAnswerBytes
    _ = hold(bytes: request.readableBytes)
  }

  private static let copiedBytes = 4 << 10

  /// One for each attempt, made before it can end.
  /// - Parameter spoken: its dialect, where that is not the application's.
  func recorder(speaking spoken: Endpoint? = nil) -> AnswerRecorder {
    open += 1
    return AnswerRecorder(capture: self, speaking: spoken, sievesPictures: asksForPictures)
  }

  /// - Returns: false where the loop holds as much as it may; the exchange is then not compared.
  func hold(bytes: Int) -> Bool {
    guard !isDropped else { return false }
    guard loop.comparisons.hold(bytes: bytes) else {
      isDropped = true
      loop.ledger.counters.comparisonsDropped += 1
      loop.scheduleHandOver()
      letGo()
      return false
    }
    heldBytes += bytes
    return true
  }

  func ended(_ answer: CapturedAnswer) {
    open -= 1
    if answer.end.population == .live { baseline = answer } else { copies.append(answer) }
    guard open == 0 else { return }
    handOver()
    letGo()
  }

  private func handOver() {
    // An answer that was cancelled says nothing about the arm.
    copies.removeAll { $0.end.outcome == .clientGone }
    guard !isDropped, !copies.isEmpty, let baseline, baseline.end.outcome != .clientGone else { return }
    loop.shared.observer.captured(
      CapturedExchange(
        endpoint: endpoint, request: request, credentials: credentials, baseline: baseline, copies: copies))
  }

  private func letGo() {
    loop.comparisons.release(bytes: heldBytes)
    heldBytes = 0
    baseline = nil
    copies = []
  }
}

extension ByteBuffer {
  init(copying other: ByteBuffer) {
    self.init()
    reserveCapacity(other.readableBytes)
    writeImmutableBuffer(other)
  }
}
