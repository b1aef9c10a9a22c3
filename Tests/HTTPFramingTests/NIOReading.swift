/// The same connection read by NIOHTTP1, whose parser is llhttp: the second opinion.

import HTTPFraming
import NIOCore
import NIOEmbedded
import NIOHTTP1

struct NIOReading {
  var messages: [ReadMessage] = []
  var error: (any Error)?
}

extension NIOReading {
  static func requests(_ pieces: [[UInt8]]) throws -> NIOReading {
    let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)
    let channel = EmbeddedChannel(handler: ByteToMessageHandler(decoder))
    var reading = NIOReading()
    reading.feed(channel, pieces)
    while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
      switch part {
      case .head(let head):
        reading.begin(
          [Array(head.method.rawValue.utf8), Array(head.uri.utf8)], head.version, head.headers, head.isKeepAlive)
      case .body(let buffer): reading.append(buffer)
      case .end: reading.end()
      }
    }
    return reading
  }

  /// `methods` as `read` takes them.
  static func responses(_ pieces: [[UInt8]], methods: [HTTPFraming.HTTPMethod]) throws -> NIOReading {
    let decoder = HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .forward)
    let channel = EmbeddedChannel(handler: ByteToMessageHandler(decoder))
    for index in 0..<20 {
      let method: NIOHTTP1.HTTPMethod = methods[min(index, methods.count - 1)] == .head ? .HEAD : .POST
      let head = HTTPRequestHead(version: .http1_1, method: method, uri: "/")
      channel.write(HTTPClientRequestPart.head(head), promise: nil)
    }
    channel.flush()
    var reading = NIOReading()
    reading.feed(channel, pieces)
    while let part = try channel.readInbound(as: HTTPClientResponsePart.self) {
      switch part {
      case .head(let head):
        reading.begin([Array(String(head.status.code).utf8)], head.version, head.headers, head.isKeepAlive)
        // NIOHTTP1 gives informational heads no end.
        if head.status.code < 200 { reading.end() }
      case .body(let buffer): reading.append(buffer)
      case .end: reading.end()
      }
    }
    return reading
  }

  private mutating func feed(_ channel: EmbeddedChannel, _ pieces: [[UInt8]]) {
    do {
      for piece in pieces { try channel.writeInbound(ByteBuffer(bytes: piece)) }
      _ = try channel.finish(acceptAlreadyClosed: true)
    } catch {
      self.error = error
      _ = try? channel.finish(acceptAlreadyClosed: true)
    }
  }

  private mutating func begin(
    _ start: [[UInt8]], _ version: HTTPVersion, _ headers: HTTPHeaders, _ keepsAlive: Bool
  ) {
    let fields = headers.map { ReadField(name: Array($0.name.utf8), value: Array($0.value.utf8)) }
    messages.append(
      ReadMessage(start: start, minorVersion: version.minor, fields: fields, keepsAlive: keepsAlive))
  }

  private mutating func append(_ buffer: ByteBuffer) {
    messages[messages.count - 1].body += Array(buffer.readableBytesView)
  }

  private mutating func end() {
    messages[messages.count - 1].isComplete = true
  }
}

extension ReadMessage {
  /// As far as NIOHTTP1 can say it: blanks after a value are not trimmed there, and values are strings, in which bytes
  /// that are no UTF-8 cannot be told apart.
  var asNIOTells: ReadMessage {
    var message = self
    message.fields = fields.map { field in
      var value = Array(String(decoding: field.value, as: UTF8.self).utf8)
      while value.last == 0x20 || value.last == 0x09 { value.removeLast() }
      return ReadField(name: field.name, value: value)
    }
    return message
  }
}
