/// Stored samples as text: what the endpoint answers is what the command prints.

package import Foundation
import ResponseDiff
import RolloutJudge

package enum SampleJSON {
  /// A list, in the given order; bodies where the samples have them.
  package static func list(_ samples: [StoredSample]) throws -> [UInt8] {
    [UInt8](try encoder.encode(samples.map(Form.init)))
  }

  /// One object.
  package static func encode(_ sample: StoredSample) throws -> Data { try encoder.encode(Form(sample)) }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return encoder
  }

  private struct Form: Encodable {
    var id: String
    var rollout: String
    var candidate: String
    var at: String
    var stage: String
    var endpoint: String
    var model: String?
    var keptFor: [String]
    var mismatch: Bool
    var distance: Double
    var similarity: Double?
    var lengthRatio: Double?
    var cosine: Double?
    var differences: [Difference]
    var furtherDifferences: Int
    var request: StoredSample.Body?
    var baseline: StoredSample.Body?
    var answer: StoredSample.Body?

    enum CodingKeys: String, CodingKey {
      case id, rollout, candidate, at, stage, endpoint, model, mismatch, distance, similarity, cosine, differences
      case request, baseline, answer
      case keptFor = "kept_for"
      case lengthRatio = "length_ratio"
      case furtherDifferences = "further_differences"
    }

    init(_ sample: StoredSample) {
      id = sample.exchange
      rollout = sample.rollout
      candidate = sample.candidate
      at = sample.at.rfc3339
      stage = sample.stage
      endpoint = sample.endpoint
      model = sample.model
      keptFor = sample.kinds.words
      let comparison = sample.comparison
      mismatch = comparison.isMismatch
      distance = comparison.distance
      similarity = comparison.similarity
      lengthRatio = comparison.lengthRatio
      cosine = comparison.cosine
      differences = comparison.differences
      furtherDifferences = comparison.further
      request = sample.bodies?.request
      baseline = sample.bodies?.baseline
      answer = sample.bodies?.answer
    }
  }
}
