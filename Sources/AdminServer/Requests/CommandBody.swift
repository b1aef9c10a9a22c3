/// The body of a command: `{"reason","actor"}`, and `candidate` or `stage` where the command takes one.

import RolloutJudge

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

struct CommandBody: Equatable {
  var command: Command
  var reason: String?
  /// Who commands; what they say of themselves.
  var actor: String

  static let defaultActor = "admin"

  /// - Parameter body: may be empty.
  /// - Throws: `Refusal.invalid` for anything but an object of strings under the known keys.
  init(endpoint: Endpoint, body: [UInt8]) throws(Refusal) {
    let extra: String? =
      switch endpoint {
      case .rollback: "candidate"
      case .rearm: "stage"
      default: nil
      }
    let object = try StringObject(body, keys: ["reason", "actor"] + (extra.map { [$0] } ?? []))
    reason = try object.value("reason", limit: AdminLimits.reasonBytes)
    actor = try object.value("actor", limit: AdminLimits.nameBytes) ?? Self.defaultActor
    let target = try extra.map { name throws(Refusal) in try object.value(name, limit: AdminLimits.nameBytes) } ?? nil
    switch endpoint {
    case .pause: command = .pause
    case .resume: command = .resume
    case .promote: command = .promote
    case .rollback: command = .rollback(candidate: target)
    case .rearm: command = .rearm(stage: target)
    default: throw .notFound
    }
  }
}

extension Command {
  /// As in the paths of the endpoints and the names of the commands.
  var name: String {
    switch self {
    case .pause: "pause"
    case .resume: "resume"
    case .promote: "promote"
    case .rollback: "rollback"
    case .rearm: "rearm"
    case .abort: "abort"
    }
  }
}

/// A JSON object whose values are strings or null, under keys that are all known.
private struct StringObject {
  let values: [String: String?]

  init(_ body: [UInt8], keys: [String]) throws(Refusal) {
    guard !body.isEmpty else {
      values = [:]
      return
    }
    do {
      values = try JSONDecoder().decode([String: String?].self, from: Data(body))
    } catch DecodingError.typeMismatch(_, let context) where !context.codingPath.isEmpty {
      throw .invalid("\"\(context.codingPath[0].stringValue)\" must be a string")
    } catch {
      throw .invalid("the body must be a JSON object of strings, such as {\"reason\": \"…\", \"actor\": \"…\"}")
    }
    let unknown = values.keys.filter { !keys.contains($0) }.sorted()
    guard unknown.isEmpty else {
      let named = unknown.map { "\"\($0)\"" }.joined(separator: ", ")
      throw .invalid("unknown \(unknown.count == 1 ? "key" : "keys") \(named); valid: \(keys.joined(separator: ", "))")
    }
  }

  func value(_ key: String, limit: Int) throws(Refusal) -> String? {
    guard let value = values[key] ?? nil else { return nil }
    guard value.utf8.count <= limit else { throw .invalid("\"\(key)\" is longer than \(limit) bytes") }
    return value.isEmpty ? nil : value.plainText
  }
}
