/// The way in which an attempt asks its arm: one HTTP exchange, or all those that a job takes.

import NIOCore

protocol ArmCall: AnyObject {
  /// - Parameter fresh: never on a kept connection.
  func start(fresh: Bool)
  /// More of a streamed request.
  func send(_ bytes: ByteBuffer, last: Bool)
  /// Whether a streamed request should wait before it sends more.
  var isCongested: Bool { get }
  func pauseReading()
  func resumeReading()
  /// The receiver needs no more. Does nothing where the call has ended.
  func cancel()
  /// The answer is over for its receiver, and the connection may soon be free again.
  func letGo()
  /// Calls back once, unless the call has ended before.
  func wake(after nanoseconds: Int64)
}

extension UpstreamCall: ArmCall {}

/// A request that takes more than one HTTP exchange, and knows how.
protocol ArmOrder: AnyObject {
  func call(
    _ request: OutboundRequest, loop: LoopState, pool: UpstreamPool, receiver: any CallReceiver, patience: Patience,
    startedAt: Int64
  ) -> any ArmCall
}
