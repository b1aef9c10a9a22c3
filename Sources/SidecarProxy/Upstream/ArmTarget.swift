/// An arm made ready for the data path: every byte that does not depend on the request is written once, at start.

import Dialects
import HTTPFraming
import RolloutJudge
import TrafficSplit

/// One object for all loops: it is referred to by every request and never copied.
final class ArmTarget: Sendable {
  let index: ArmIndex
  let arm: Arm
  /// `Host: …\r\n` and the arm's own credentials and headers, ready to append to a request head.
  let ownLines: [UInt8]
  let basePath: [UInt8]
  /// Fields of the caller that this arm never sees.
  let withheld: KnownFieldSet
  /// Members of a request body that this arm never sees.
  let droppedFields: DroppedFields
  /// Whether fields that look like credentials are withheld by their name's text too.
  let withholdsSecrets: Bool
  /// `x-crossfade-arm: NAME\r\n`
  let armLine: [UInt8]

  init(index: ArmIndex, arm: Arm) {
    self.index = index
    self.arm = arm
    var lines = "Host: \(arm.url.authority)\r\n"
    if let key = arm.key {
      switch arm.authentication {
      case .bearer: lines += "Authorization: Bearer \(key.exposed)\r\n"
      case .scheme(let scheme): lines += "Authorization: \(scheme) \(key.exposed)\r\n"
      case .header(let name): lines += "\(name): \(key.exposed)\r\n"
      }
    }
    for header in arm.headers { lines += "\(header.name): \(header.value.exposed)\r\n" }
    ownLines = Array(lines.utf8)
    basePath = Array(arm.url.basePath.utf8)
    armLine = Array("x-crossfade-arm: \(arm.name)\r\n".utf8)
    droppedFields = DroppedFields(arm.dropFields)
    withholdsSecrets = !index.isBaseline
    if !index.isBaseline {
      withheld = Self.alwaysReplaced.union(Self.callersOwn)
    } else if arm.key != nil {
      withheld = Self.alwaysReplaced.union(Self.credentials)
    } else {
      withheld = Self.alwaysReplaced
    }
  }

  /// Written anew for every arm.
  private static let alwaysReplaced: KnownFieldSet = [.host, .contentLength, .transferEncoding, .expect, .crossfade]
  private static let credentials: KnownFieldSet = [.authorization, .proxyAuthorization, .xAPIKey, .apiKey, .googAPIKey]
  /// Credentials, and what names the application or its users to a third party.
  private static let callersOwn: KnownFieldSet = credentials.union([
    .cookie, .httpReferer, .referer, .origin, .xTitle, .openRouterAttribution, .forwarded, .stainless,
    .stainlessRetryCount,
  ])
}
