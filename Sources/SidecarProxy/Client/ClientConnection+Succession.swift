/// Going over to another playbook: between two exchanges, with the connection and what has been read of it kept.

import NIOCore

extension ClientConnection {
  /// To the loop's state under the playbook in force, where that is another one and no exchange is open.
  func moveOn() {
    guard loop.successor != nil, machine.phase == .awaitingHead, exchange == nil else { return }
    while let next = loop.successor {
      loop.handClient(self, to: next)
      loop = next
    }
    loop.tick()
  }
}
