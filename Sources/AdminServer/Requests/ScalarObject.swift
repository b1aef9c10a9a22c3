/// A JSON object whose values are strings, whole numbers, flags or null, under keys that are all known.

import RolloutJudge

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

struct ScalarObject {
  private let values: [String: Scalar]

  private enum Scalar: Decodable {
    case null
    case text(String)
    case count(Int)
    case flag(Bool)
    case other

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .null
      } else if let flag = try? container.decode(Bool.self) {
        self = .flag(flag)
      } else if let count = try? container.decode(Int.self) {
        self = .count(count)
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else {
        self = .other
      }
    }
  }

  /// - Throws: `Refusal.invalid` for what is no object, and for other keys.
  init(_ body: [UInt8], keys: [String]) throws(Refusal) {
    guard !body.isEmpty else {
      values = [:]
      return
    }
    do {
      values = try JSONDecoder().decode([String: Scalar].self, from: Data(body))
    } catch {
      throw .invalid("the body must be a JSON object, such as {\"reason\": \"…\", \"actor\": \"…\"}")
    }
    let unknown = values.keys.filter { !keys.contains($0) }.sorted()
    guard unknown.isEmpty else {
      let named = unknown.map { "\"\($0)\"" }.joined(separator: ", ")
      throw .invalid("unknown \(unknown.count == 1 ? "key" : "keys") \(named); valid: \(keys.joined(separator: ", "))")
    }
  }

  /// Nil where it is absent, null or empty.
  ///
  /// - Parameter isRaw: with its line breaks and all else; else as it can be printed.
  func text(_ key: String, limit: Int, isRaw: Bool = false) throws(Refusal) -> String? {
    switch values[key] ?? .null {
    case .null: return nil
    case .text(let value):
      guard value.utf8.count <= limit else { throw .invalid("\"\(key)\" is longer than \(limit) bytes") }
      return value.isEmpty ? nil : isRaw ? value : value.plainText
    default: throw .invalid("\"\(key)\" must be a string")
    }
  }

  func count(_ key: String) throws(Refusal) -> Int? {
    switch values[key] ?? .null {
    case .null: return nil
    case .count(let value) where value >= 0: return value
    default: throw .invalid("\"\(key)\" must be a whole number")
    }
  }

  func flag(_ key: String) throws(Refusal) -> Bool {
    switch values[key] ?? .null {
    case .null: return false
    case .flag(let value): return value
    default: throw .invalid("\"\(key)\" must be true or false")
    }
  }
}
