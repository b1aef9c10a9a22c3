/// The type of each field in JSON Schema.

import Dialects

extension LogField {
  /// Its JSON Schema.
  var schema: JSONValue {
    guard case .object(let members) = shape.schema else { return shape.schema }
    return .object([.init(key: "description", value: .string(about))] + members)
  }
}

extension LogField.Shape {
  var schema: JSONValue {
    switch self {
    case .label: .object(["type": .string("string"), "maxLength": .integer(TextLimit.label)])
    case .text: .object(["type": .string("string"), "maxLength": .integer(TextLimit.text)])
    case .instant: Self.instantSchema
    case .sha256: .object(["type": .string("string"), "pattern": .string("^([0-9a-f]{64})?$")])
    case .count: .object(["type": .string("integer"), "minimum": .integer(0)])
    case .milliseconds, .dollars: .object(["type": .string("number"), "minimum": .integer(0)])
    case .oneOf(let names): .object(["enum": .array(names.map(JSONValue.string))])
    case .shares: .object(["type": .string("object"), "additionalProperties": Self.shareSchema])
    case .limits: Self.limitsSchema
    case .evidence: Self.evidenceSchema
    case .proofs: .object(["type": .string("array"), "items": Self.proofSchema])
    case .details: .object(["type": .string("object"), "additionalProperties": .object(["type": .string("string")])])
    }
  }

  static let instantSchema: JSONValue = .object([
    "type": .string("string"), "format": .string("date-time"),
    "pattern": .string("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$"),
  ])

  private static let number: JSONValue = .object(["type": .string("number")])

  private static let shareSchema: JSONValue = .object([
    "type": .string("number"), "minimum": .integer(0), "maximum": .integer(1),
  ])

  private static var evidenceSchema: JSONValue {
    let counts = closed(["n": Self.count.schema, "bad": Self.count.schema], required: ["n", "bad"])
    return closed(
      [
        "test": .object(["enum": .array([.string("sequential"), .string("threshold")])]), "e_value": number,
        "threshold": number, "candidate": counts, "baseline": counts, "since": instantSchema,
        "population": .object(["enum": .array([.string("live"), .string("shadow")])]), "alpha": number,
        "budget": shareSchema, "model": Self.label.schema,
        "parts": .object(["type": .string("object"), "additionalProperties": number]),
        "basis": .object(["type": .string("object"), "additionalProperties": basisSchema]),
        "failures": .object(["type": .string("array"), "items": failureSchema]),
        "bad_by_model": .object(["type": .string("object"), "additionalProperties": Self.count.schema]),
      ], required: ["test", "candidate", "baseline", "since"])
  }

  /// How often attempts failed in one way.
  private static var failureSchema: JSONValue {
    closed(
      [
        "outcome": .object(["enum": .array(Outcome.allCases.map { .string($0.rawValue) })]), "status": count.schema,
        "mistake": .object(["enum": .array(OwnMistake.allCases.map { .string($0.rawValue) })]),
        "name": Self.label.schema, "n": count.schema,
      ], required: ["outcome", "n"])
  }

  private static let limitsSchema = closed(
    ["above": number, "ratio_above": number, "below": number, "ratio_below": number], required: [])

  private static var proofSchema: JSONValue {
    closed(
      [
        "candidate": Self.label.schema, "metric": LogField.metric.shape.schema, "condition": limitsSchema,
        "test": .object(["enum": .array(["absolute", "ratio", "ratio_limit"].map(JSONValue.string))]),
        "population": .object(["enum": .array([.string("live"), .string("shadow")])]), "e_value": number,
        "threshold": number, "basis": basisSchema,
      ], required: ["candidate", "metric", "condition", "test", "population", "e_value", "threshold", "basis"])
  }

  /// The parts that one test's e-value is made of.
  private static var basisSchema: JSONValue {
    let count = Self.count.schema
    let share = closed(
      ["share": shareSchema, "candidate": count, "baseline": count], required: ["share", "candidate", "baseline"])
    let start = closed(
      [
        "start": count, "weight": number, "n": count, "bad": count, "rescued": count, "unknown": count,
        "shares": .object(["type": .string("array"), "items": share]),
        "pairs": .object(["type": .string("array"), "items": count]),
      ], required: ["start"])
    return closed(
      [
        "p0": shareSchema, "r0": number, "limit": number, "cap": number, "candidate_mean": number,
        "baseline_mean": number, "starts": .object(["type": .string("array"), "items": start]),
        "largest": .object(["type": .string("boolean")]),
        "baseline": closed(["n": count, "bad": count], required: ["n", "bad"]),
        "rescues": .object(["type": .string("array"), "items": start]),
        "frozen": closed(
          [
            "doubt": shareSchema, "n": count, "bad": count,
            "starts": .object(["type": .string("array"), "items": start]),
            "largest": .object(["type": .string("boolean")]),
          ], required: ["doubt", "n", "bad", "starts"]),
      ], required: ["starts"])
  }

  /// An object that has no other members.
  private static func closed(_ properties: KeyValuePairs<String, JSONValue>, required: [String]) -> JSONValue {
    .object([
      "type": .string("object"), "properties": .object(properties), "required": .array(required.map(JSONValue.string)),
      "additionalProperties": .boolean(false),
    ])
  }
}
