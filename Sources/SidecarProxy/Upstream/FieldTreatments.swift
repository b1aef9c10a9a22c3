/// The fate of each field on its way to a candidate, for people who ask before the first request is there: by the very policies
/// that requests go through.

package import Dialects
package import RolloutJudge
package import TrafficSplit

package struct FieldTreatments: Sendable {
  private let arm: Arm
  private let fields: OutgoingFields

  package init(of candidate: Arm) {
    arm = candidate
    fields = OutgoingFields(candidate, isBaseline: false)
  }

  /// - Parameters:
  ///   - names: all fields of such a request; which endpoint answers it depends on them.
  ///   - asked: the application's model.
  /// - Returns: nil where the candidate has nothing that answers such a request.
  package func treatment(
    of field: String, among names: [String], on endpoint: Endpoint, model: String, asked: String
  ) -> FieldTreatment? {
    if worksByJobs(endpoint, names) {
      return Self.ofJobs.contains(field) ? .mapped("a parameter of the job") : .cut
    }
    guard !arm.outgoing.eligibility.lacks(endpoint) else { return nil }
    let spoken = arm.outgoing.translations[endpoint] ?? endpoint
    let treatment = fields.policy(for: spoken, model: model, asked: asked).treatment(of: field)
    return spoken != endpoint && treatment == .sent ? .mapped("a part of \(spoken.rawValue)") : treatment
  }

  /// The reason for which such requests stay away where the field says what the candidate has not; nil where it cannot.
  package func mayStay(for field: String, among names: [String], on endpoint: Endpoint) -> Ineligibility? {
    worksByJobs(endpoint, names) ? nil : arm.outgoing.eligibility.mayStay(for: field)
  }

  /// Whether the candidate has anything that answers such a request.
  package func answers(_ endpoint: Endpoint, with names: [String]) -> Bool {
    worksByJobs(endpoint, names) || !arm.outgoing.eligibility.lacks(endpoint)
  }

  private func worksByJobs(_ endpoint: Endpoint, _ names: [String]) -> Bool {
    let asksForPictures = endpoint != .chatCompletions || names.contains("modalities")
    return asksForPictures && arm.outgoing.eligibility.worksByJobs(endpoint, .pictures)
  }

  /// The members that say what picture or video is wanted, and how it is to come back.
  private static let ofJobs: Set<String> = [
    "model", "prompt", "messages", "modalities", "image_config", "stream", "n", "size", "aspect_ratio", "resolution",
    "seed", "output_format", "response_format", "duration", "seconds", "input_references", "image_urls", "images",
    "image", "image_url",
  ]
}
