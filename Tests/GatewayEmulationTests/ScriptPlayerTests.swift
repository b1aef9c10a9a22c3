import NIOCore
import Testing

@testable import GatewayEmulation

@Suite("ScriptPlayer")
struct ScriptPlayerTests {
  @Test("A drip writes each byte with a pause after it; a flood writes bounded chunks")
  func dripAndFlood() {
    var script = WireScript(ending: .close)
    script.send(ByteBuffer(string: "ab"))
    var player = ScriptPlayer(script.dripping(interval: .milliseconds(1)))
    let actions = (0..<5).map { _ in player.next() }
    #expect(
      actions == [
        .write(ByteBuffer(string: "a")), .wait(.milliseconds(1)), .write(ByteBuffer(string: "b")),
        .wait(.milliseconds(1)), .end(.close),
      ])

    var flood = WireScript(ending: .keepAlive)
    flood.flood(150_000)
    var flooding = ScriptPlayer(flood)
    var sizes: [Int] = []
    while case .write(let bytes) = flooding.next() { sizes.append(bytes.readableBytes) }
    #expect(sizes == [65_536, 65_536, 18_928])
  }
}
