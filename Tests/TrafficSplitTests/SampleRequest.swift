/// A request as the split sees it, for the tests.

import Dialects

@testable import TrafficSplit

struct SampleRequest: UnitSource {
  var model: String? = "m"
  var path = "/api/v1/chat/completions"
  var headers: [String: String] = [:]
  var body: [String: String] = [:]
  var conversation: UInt64?
  var traits: RequestTraits = []
  var isReadable = true
  var endpoint: Endpoint?
  var messagesUser: String?

  func header(_ lowercasedName: String) -> String? { headers[lowercasedName] }

  func bodyValue(_ path: String) -> String? { body[path] }

  func conversationHash() -> UInt64? { conversation }
}

extension ModelMap {
  static let any = ModelMap(lines: [.init(from: Glob("*"), to: "any-*")])
  static let onlyM = ModelMap(lines: [.init(from: Glob("m"), to: "mapped-m")])
}

extension TrafficRule {
  static func when(_ attribute: Attribute, _ pattern: String, _ weights: Double...) -> TrafficRule {
    TrafficRule(match: [.init(attribute: attribute, glob: Glob(pattern))], weights: weights)
  }
}
