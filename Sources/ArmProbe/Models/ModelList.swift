/// Reads what an arm answers to `GET models`, in the shapes that vendors give it.

import Foundation

struct ModelList: Sendable, Equatable {
  var ids: [String]
  /// False where the arm says that there are more.
  var isComplete: Bool

  /// Ids that are kept of one list.
  static let limit = 20_000

  /// `{"data":[{"id":…}]}`, a bare list of the same (Together), or `{"models":[…]}`; nil for all else.
  init?(_ body: [UInt8]) {
    guard let document = try? JSONSerialization.jsonObject(with: Data(body)) else { return nil }
    let object = document as? [String: Any]
    guard let entries = document as? [Any] ?? object?["data"] as? [Any] ?? object?["models"] as? [Any] else {
      return nil
    }
    ids = entries.prefix(Self.limit).compactMap(Self.id)
    isComplete = object?["has_more"] as? Bool != true && entries.count <= Self.limit
    if ids.isEmpty, !entries.isEmpty { return nil }
  }

  init(ids: [String], isComplete: Bool = true) {
    self.ids = ids
    self.isComplete = isComplete
  }

  private static func id(_ entry: Any) -> String? {
    let entry = entry as? [String: Any]
    guard let id = (entry?["id"] ?? entry?["name"]) as? String, !id.isEmpty, id.utf8.count <= 256 else { return nil }
    // Gemini lists `models/gemini-…` and takes it without.
    return id.hasPrefix("models/") ? String(id.dropFirst("models/".count)) : id
  }
}
