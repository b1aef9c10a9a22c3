/// The way through a proxy: CONNECT and its answer, before anything of the arm's own is said on the connection (RFC 9110, 9.3.6).

import HTTPFraming
import MediaJobs
import NIOCore
import RolloutJudge

/// What is asked of the proxy, written once.
struct ArmTunnel: Sendable {
  let proxy: ArmProxy
  let request: [UInt8]

  init(_ proxy: ArmProxy, to url: ArmURL) {
    self.proxy = proxy
    let host = url.host.contains(":") ? "[\(url.host)]" : url.host
    var text = "CONNECT \(host):\(url.port) HTTP/1.1\r\nHost: \(host):\(url.port)\r\n"
    if let credentials = proxy.credentials {
      text += "Proxy-Authorization: Basic \(Self.base64(Array(credentials.exposed.utf8)))\r\n"
    }
    request = Array((text + "\r\n").utf8)
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    var writer = Base64Writer()
    return String(decoding: writer.write(bytes.span.bytes) + writer.end(), as: UTF8.self)
  }
}

/// The proxy's answer as it comes in, up to the end of its head.
struct TunnelAnswer {
  enum Progress: Equatable {
    case more
    case open
    case refused(status: Int)
    /// It is no head, too long a one, or something came after it that nobody had asked for.
    case broken
  }

  static let limit = 16 << 10
  private var head: [UInt8] = []

  mutating func received(_ bytes: some Sequence<UInt8>) -> Progress {
    head += bytes
    guard let end = head.firstRange(of: [13, 10, 13, 10]) else { return head.count > Self.limit ? .broken : .more }
    let line = head.prefix { $0 != 13 }
    let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
    guard words.count >= 2, words[0].starts(with: "HTTP/1.".utf8), words[1].count == 3,
      let status = Int(String(decoding: words[1], as: UTF8.self))
    else { return .broken }
    guard (200..<300).contains(status) else { return .refused(status: status) }
    return end.upperBound == head.count ? .open : .broken
  }
}

/// Asks for the tunnel and leaves the pipeline when it is there.
final class TunnelHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let tunnel: ArmTunnel
  private var answer = TunnelAnswer()
  /// Told once: why not, in words, or nil where the tunnel is there.
  private var done: ((_ failure: String?) -> Void)?

  init(_ tunnel: ArmTunnel, done: @escaping (_ failure: String?) -> Void) {
    self.tunnel = tunnel
    self.done = done
  }

  func handlerAdded(context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: tunnel.request)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let name = tunnel.proxy.authority
    switch answer.received(unwrapInboundIn(data).readableBytesView) {
    case .more: break
    case .open:
      context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
      finish(nil)
    case .refused(407): finish("the proxy \(name) wants a user and password (407)")
    case .refused(let status): finish("the proxy \(name) does not go there (\(status))")
    case .broken: finish("the proxy \(name) does not answer in HTTP")
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed = event { finish("the proxy \(tunnel.proxy.authority) closed the connection") }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    finish("the proxy \(tunnel.proxy.authority) closed the connection")
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { finish(connectReason(error)) }

  private func finish(_ failure: String?) {
    let done = done
    self.done = nil
    done?(failure)
  }
}
