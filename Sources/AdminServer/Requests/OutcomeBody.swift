/// The body of `POST /outcomes`: what became of one exchange or of several, as the application saw it.

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

enum OutcomeBody {
  /// - Throws: `Refusal.invalid`, naming the place, for anything but `{"id", "success", "value"?}`, `{"id", "arm", "value", "success"?}` or a list of such.
  static func outcomes(in body: [UInt8]) throws(Refusal) -> [ReportedOutcome] {
    guard let first = body.first(where: { !" \t\r\n".utf8.contains($0) }) else { throw .invalid(expectation) }
    do {
      let data = Data(body)
      let decoder = JSONDecoder()
      let isList = first == UInt8(ascii: "[")
      return isList
        ? try decoder.decode([Entry].self, from: data).map(\.outcome)
        : [try decoder.decode(Entry.self, from: data).outcome]
    } catch let error as DecodingError {
      throw .invalid(message(of: error))
    } catch {
      throw .invalid(expectation)
    }
  }

  private static let expectation =
    "the body must be {\"id\": \"…\", \"success\": true|false, \"value\": 1.5} or a list of such"

  private static func message(of error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context): "\(place(context.codingPath))\"\(key.stringValue)\" is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      context.codingPath.isEmpty ? expectation : "\(place(context.codingPath))of another type; \(expectation)"
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      "\(place(context.codingPath))\(context.debugDescription)"
    default: expectation
    }
  }

  /// `[3].success: `
  private static func place(_ path: [any CodingKey]) -> String {
    let text = path.map { key in key.intValue.map { "[\($0)]" } ?? "\"\(key.stringValue)\"" }.joined(separator: " ")
    return text.isEmpty ? "" : text + ": "
  }

  private struct Entry: Decodable {
    private static let keys = ["id", "arm", "success", "value"]

    let outcome: ReportedOutcome

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: AnyKey.self)
      if let unknown = container.allKeys.map(\.stringValue).filter({ !Self.keys.contains($0) }).min() {
        throw DecodingError.dataCorruptedError(
          forKey: AnyKey(stringValue: unknown), in: container,
          debugDescription: "unknown; valid: \(Self.keys.joined(separator: ", "))")
      }
      let id = try container.decode(String.self, forKey: AnyKey(stringValue: "id"))
      guard !id.isEmpty, id.utf8.count <= AdminLimits.nameBytes else {
        throw DecodingError.dataCorruptedError(
          forKey: AnyKey(stringValue: "id"), in: container, debugDescription: "not an x-crossfade-id")
      }
      let arm = try container.decodeIfPresent(String.self, forKey: AnyKey(stringValue: "arm"))
      let value = AnyKey(stringValue: "value")
      let success = AnyKey(stringValue: "success")
      outcome = ReportedOutcome(
        id: id, arm: arm,
        // Of one arm's answer an evaluator may give a value alone.
        success: arm == nil
          ? try container.decode(Bool.self, forKey: success)
          : try container.decodeIfPresent(Bool.self, forKey: success),
        value: try container.decodeIfPresent(Double.self, forKey: value))
      if outcome.success == nil, outcome.value == nil {
        throw DecodingError.keyNotFound(
          value, DecodingError.Context(codingPath: container.codingPath, debugDescription: ""))
      }
    }
  }

  private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
