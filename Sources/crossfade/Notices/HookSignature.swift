/// Proof to a receiver that a message is from whoever knows the secret.

import Crypto
import Foundation

enum HookSignature {
  /// The fields of a signed webhook (standardwebhooks.com): a message that is told again has the same id.
  ///
  /// - Parameter secret: `whsec_` and base64, or any text.
  static func fields(id: String, now: Int64, body: [UInt8], secret: String) -> [(name: String, value: String)] {
    let prefix = "whsec_"
    let key = secret.hasPrefix(prefix) ? Data(base64Encoded: String(secret.dropFirst(prefix.count))) : nil
    let signed = Array("\(id).\(now).".utf8) + body
    return [
      ("webhook-id", id), ("webhook-timestamp", String(now)),
      ("webhook-signature", "v1,\(code(key ?? Data(secret.utf8), signed))"),
    ]
  }

  /// A Feishu bot's: the key is the time and the secret, the message is empty.
  static func feishu(secret: String, now: Int64) -> String { code(Data("\(now)\n\(secret)".utf8), []) }

  /// A DingTalk robot's query: the key is the secret, the message the time and the secret.
  static func dingTalk(secret: String, milliseconds: Int64) -> String {
    let sign = code(Data(secret.utf8), Array("\(milliseconds)\n\(secret)".utf8))
    let escaped = sign.replacing("+", with: "%2B").replacing("/", with: "%2F").replacing("=", with: "%3D")
    return "timestamp=\(milliseconds)&sign=\(escaped)"
  }

  /// HMAC-SHA256 as base64.
  private static func code(_ key: Data, _ message: [UInt8]) -> String {
    Data(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key))).base64EncodedString()
  }
}
