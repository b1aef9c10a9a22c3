/// What makes two requests one: their caller, their key, their method, path and body, and the codings that they take.

import Dialects
import Guards
import HTTPFraming
import NIOCore

extension InboundRequest {
  /// The credentials that tell callers apart, under this process's own seed.
  var callerHash: UInt64 {
    var hasher = Hasher()
    feedCaller(to: &hasher)
    return UInt64(bitPattern: Int64(hasher.finalize()))
  }

  private var codings: JoinCodings {
    guard head.known.contains(.acceptEncoding) else { return [] }
    let bytes = bytes
    let span = bytes.readableBytesSpan
    return head.fields.reduce(into: []) { codings, field in
      if field.id == .acceptEncoding { codings.formUnion(JoinCodings(span.lowercasedText(field.value))) }
    }
  }

  private func feedCaller(to hasher: inout Hasher) {
    let bytes = bytes
    let span = bytes.readableBytesSpan
    for field in head.fields {
      switch field.id {
      case .authorization, .xAPIKey, .apiKey, .googAPIKey, .proxyAuthorization:
        hasher.feed(span.extracting(field.value))
      default: break
      }
    }
  }

  /// - Parameters:
  ///   - key: nil: the body is the key.
  ///   - arm: the one that it names.
  func joinRequest(key: String?, arm: String?) -> JoinRequest {
    let body = body
    let bodyHash = JoinHash { hasher in
      hasher.feed(body.readableBytesSpan)
      if let arm { hasher.combine(arm) }
    }
    let keyHash = JoinHash { hasher in
      feedCaller(to: &hasher)
      let bytes = bytes
      let span = bytes.readableBytesSpan
      hasher.feed(span.extracting(head.methodRange))
      hasher.feed(span.extracting(pathAfterBase))
      hasher.combine(key)
      if key == nil {
        hasher.feed(body.readableBytesSpan)
        hasher.combine(arm)
      }
    }
    return JoinRequest(key: keyHash, body: bodyHash, hasKey: key != nil, codings: codings)
  }
}

extension Hasher {
  /// The length goes first, so that no two fields run together.
  fileprivate mutating func feed(_ bytes: RawSpan) {
    combine(bytes.byteCount)
    bytes.withUnsafeBytes { combine(bytes: $0) }
  }
}

extension JoinHash {
  /// By the process's own secret seed: who could make two requests meet would be given another's answer.
  /// - Parameter feed: called twice, with the same bytes.
  fileprivate init(_ feed: (inout Hasher) -> Void) {
    var hashers = (Hasher(), Hasher())
    hashers.0.combine(1 as UInt8)
    hashers.1.combine(2 as UInt8)
    feed(&hashers.0)
    feed(&hashers.1)
    self.init(high: hashers.0.finalize(), low: hashers.1.finalize())
  }
}
