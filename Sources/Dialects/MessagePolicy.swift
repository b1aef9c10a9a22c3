/// Says what of a chat's messages an arm is sent: some refuse a request for a member of a message that they do not know.

/// What members a chat's messages hold beside those that every arm knows; told while the request is read.
package struct MessageExtras: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Concrete, since every request begins with it.
  package init() { rawValue = 0 }
  package var isEmpty: Bool { rawValue == 0 }

  /// Other than `role`, `content`, `tool_calls` and `tool_call_id`.
  package static let members = MessageExtras(rawValue: 1 << 0)
  /// `cache_control` on a part of a message.
  package static let cacheControl = MessageExtras(rawValue: 1 << 1)
}

package struct MessagePolicy: Sendable, Equatable {
  /// Members of messages that the arm does not know.
  package var drop: [String]
  /// The members that it knows beside those that all know; nil: all but `drop`.
  package var only: [String]?
  /// The application's name of a member to the arm's own.
  package var renames: [FieldRename]
  /// `cache_control` on parts and tools is known to the arm.
  package var keepsCacheControl: Bool

  package init(
    drop: [String] = [], only: [String]? = nil, renames: [FieldRename] = [], keepsCacheControl: Bool = true
  ) {
    self.drop = drop
    self.only = only
    self.renames = renames
    self.keepsCacheControl = keepsCacheControl
  }

  package var changesNothing: Bool { drop.isEmpty && only == nil && renames.isEmpty && keepsCacheControl }

  /// What every arm that speaks chat completions knows.
  private static let common: Set<String> = ["role", "content", "tool_calls", "tool_call_id"]

  /// - Parameter has: whether the message has a member of that name.
  fileprivate func fate(of name: String, where has: (String) -> Bool) -> MemberFate {
    if Self.common.contains(name) { return .kept }
    if let rename = renames.first(where: { $0.from == name }) {
      return has(rename.to) ? .dropped : .renamed(JSONText.encoded(rename.to))
    }
    if !keepsCacheControl, name == Self.cacheControl { return .dropped }
    if let only { return only.contains(name) ? .kept : .dropped }
    return drop.contains(name) ? .dropped : .kept
  }

  fileprivate static let cacheControl = "cache_control"
}

/// A field that an arm knows by another name.
package struct FieldRename: Sendable, Hashable {
  package var from: String
  package var to: String

  package init(from: String, to: String) {
    self.from = from
    self.to = to
  }
}

extension RequestFacts {
  /// The edits that make a chat's messages and tools fit an arm.
  ///
  /// - Parameter body: that these facts were read from.
  /// - Returns: in order of their ranges; none of them touches an edit of the body's own members.
  package func messageEdits(under policy: MessagePolicy, in body: RawSpan) -> [BodyEdit] {
    if policy.changesNothing { return [] }
    var edits: [BodyEdit] = []
    for place in places {
      switch place.name {
      case .messages where !extras.isEmpty: edits += Self.messages(place.value, policy, body)
      case .tools where !policy.keepsCacheControl: edits += Self.tools(place.value, body)
      default: break
      }
    }
    return edits
  }

  private static func messages(_ list: Range<Int>, _ policy: MessagePolicy, _ body: RawSpan) -> [BodyEdit] {
    guard var messages = JSONElements(body, at: list.lowerBound, depth: 0) else { return [] }
    var found: [BodyEdit] = []
    var end = list.lowerBound
    while messages.next(body, after: end), let next = JSONSyntax.skipValue(body, messages.at, depth: 1) {
      let message = messages.at..<next
      found += MemberEdits.edits(body, message) { key, value, within in
        if !policy.keepsCacheControl, JSONText.holds("content", body, key) {
          within = MemberEdits.edits(body, eachIn: value) { key, _, _ in cacheControlFate(body, key) }
        }
        return policy.fate(of: JSONText.decoded(body, key)) {
          JSONSyntax.value(of: FieldName($0), body, in: message) != nil
        }
      }
      end = next
    }
    return found
  }

  /// On a tool, or on the function that it is.
  private static func tools(_ list: Range<Int>, _ body: RawSpan) -> [BodyEdit] {
    MemberEdits.edits(body, eachIn: list) { key, value, within in
      if JSONText.holds("function", body, key) {
        within = MemberEdits.edits(body, value) { key, _, _ in cacheControlFate(body, key) }
      }
      return cacheControlFate(body, key)
    }
  }

  private static func cacheControlFate(_ body: RawSpan, _ key: Range<Int>) -> MemberFate {
    JSONText.holds("cache_control", body, key) ? .dropped : .kept
  }
}
