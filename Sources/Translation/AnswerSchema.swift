/// Tells whether a JSON schema that an answer is to keep to can be given to Anthropic, which takes a part of the language.

import Dialects

enum AnswerSchema {
  /// Keywords that are refused.
  private static let refused: [StaticString] = [
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "maxItems",
    "uniqueItems", "patternProperties", "oneOf", "not", "if",
  ]

  /// Objects have to be closed, and nothing is to be bounded.
  static func isExpressible(_ schema: JSONSlice) -> Bool {
    guard schema.kind == .object else { return schema.kind == .bool }
    if refused.contains(where: { schema[$0] != nil }) { return false }
    if let minItems = schema["minItems"]?.integer, minItems > 1 { return false }
    if schema["type"]?.reads("object") == true, schema["additionalProperties"]?.isFalse != true { return false }
    // A reference beyond the document has nobody to look it up.
    if let reference = schema["$ref"]?.text, !reference.hasPrefix("#") { return false }
    return parts(of: schema).allSatisfy(isExpressible)
  }

  private static func parts(of schema: JSONSlice) -> [JSONSlice] {
    var parts: [JSONSlice] = []
    for name: StaticString in ["properties", "$defs", "definitions"] {
      schema[name]?.forEachMember { _, value in parts.append(value) }
    }
    for name: StaticString in ["anyOf", "allOf"] { parts += schema[name]?.elements ?? [] }
    if let items = schema["items"] { parts += items.kind == .array ? items.elements : [items] }
    return parts
  }

  /// The value of `output_config.format`; nil where the answer may have any form.
  static func format(_ asked: JSONSlice?, takesSchemas: Bool) throws(Untranslatable) -> [UInt8]? {
    guard let asked = said(asked), asked["type"]?.reads("text") != true else { return nil }
    guard takesSchemas, asked["type"]?.reads("json_schema") == true, let schema = asked["json_schema"]?["schema"],
      isExpressible(schema)
    else { throw .schemaNotExpressible }
    var format: [UInt8] = []
    format.write(#"{"type":"json_schema","schema":"#)
    format.write(schema)
    format.write("}")
    return format
  }
}
