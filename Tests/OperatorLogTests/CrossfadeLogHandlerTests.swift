import Logging
import Testing

@testable import OperatorLog

@Suite("CrossfadeLogHandler")
struct CrossfadeLogHandlerTests {
  private struct Trouble: Error {}

  private let sink = MemorySink()

  private func logger(level: Logger.Level = .info) -> Logger {
    EventLog(sink: sink, level: level, now: { Samples.noon }).logger(label: "library")
  }

  @Test("A library's line is a notice with its logger, its metadata and its error")
  func notice() {
    var logger = logger()
    logger[metadataKey: "a"] = "1"
    logger.warning("hello", error: Trouble(), metadata: ["b": ["x", "y"]])
    #expect(
      sink.lines == [
        #"{"ts":"2026-11-22T12:00:00.123Z","level":"warning","event":"notice","message":"hello","logger":"library","#
          + #""details":{"a":"1","b":"[\"x\", \"y\"]"},"error":"Trouble()"}"# + "\n"
      ])
  }

  @Test(
    "What names a secret is not written",
    arguments: ["Authorization", "x-api-key", "Set-Cookie", "access_token", "client_secret", "password", "body"])
  func secrets(key: String) {
    logger().info("m", metadata: [key: "sk-or-v1-0123456789"])
    #expect(sink.lines.count == 1)
    #expect(!sink.lines[0].contains("0123456789"))
    #expect(sink.lines[0].contains("****"))
  }

  @Test("Lines below the level are not written, and a logger may be made quieter")
  func levels() {
    var logger = logger()
    logger.debug("no")
    logger.logLevel = .error
    logger.info("no")
    logger.error("yes")
    #expect(sink.lines.count == 1)
  }

  @Test("Metadata of any size stays within the line's bound")
  func bound() {
    let long = String(repeating: "x", count: 10_000)
    let metadata = Logger.Metadata(uniqueKeysWithValues: (0..<500).map { ("\($0)" + long, "\(long)") })
    logger().info("\(long)", metadata: metadata)
    #expect(sink.lines[0].utf8.count <= EventLog.maxLineBytes)
  }
}
