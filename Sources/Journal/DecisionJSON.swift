/// A decision as text: what the journal keeps is what the log line and the endpoints show.

package import Foundation
package import RolloutJudge

package enum DecisionJSON {
  /// Keys in order, so that equal decisions are equal bytes. An e-value that has outgrown `Double` must not keep a
  /// rollback from being journaled: what is not finite becomes `"Infinity"`, `"-Infinity"` or `"NaN"`.
  package static func encode(_ decision: Decision) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return try encoder.encode(decision)
  }

  package static func decode(_ data: Data) throws -> Decision {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return try decoder.decode(Decision.self, from: data)
  }
}
