/// A client that shuts its sending side: it leaves, or it has said all that it wants to and waits for the answer.

import NIOCore
import RolloutJudge

extension ClientConnection {
  /// On the wire the two look alike until something is written. With the request, as a script that writes into a pipe does it,
  /// it is a client that waits; at any other time one that leaves, whose upstream request must end at once.
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case .inputClosed = event as? ChannelEvent else { return context.fireUserInboundEventTriggered(event) }
    loop.tick()
    guard let exchange, machine.requestComplete, loop.now() - exchange.readAt <= Self.sameBreath else {
      return context.close(promise: nil)
    }
    machine.closeAfterwards()
  }

  private static var sameBreath: Duration { .milliseconds(5) }
}
