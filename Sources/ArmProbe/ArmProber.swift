/// Probes one arm: first what costs nothing, then, where that is allowed, a few small questions.

import Dispatch
import RolloutJudge

package struct ArmProber: Sendable {
  package let settings: ProbeSettings
  private let progress: @Sendable (String) -> Void

  /// - Parameter progress: told what is being done, from any thread.
  package init(settings: ProbeSettings, progress: @escaping @Sendable (String) -> Void = { _ in }) {
    self.settings = settings
    self.progress = progress
  }

  /// On a thread of its own, which it blocks; ends within seconds when the task is cancelled.
  ///
  /// - Throws: `TransferFailure` where libcurl does not start; what goes wrong with the arm is a finding.
  package func probe(_ target: ProbeTarget) async throws -> ArmFindings {
    let stop = StopFlag()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        DispatchQueue(label: "crossfade.probe.\(target.arm.name)").async {
          continuation.resume(with: Result { try examine(target, stop) })
        }
      }
    } onCancel: {
      stop.set()
    }
  }

  private func examine(_ target: ProbeTarget, _ stop: StopFlag) throws(TransferFailure) -> ArmFindings {
    let client = try CurlClient(settings: settings, secrets: target.secrets, proxy: target.arm.proxy, stop: stop)
    var examination = ArmExamination(target: target, settings: settings, client: client, progress: progress)
    examination.run()
    return examination.findings
  }

  /// The estimated cost of the questions at the arm's own prices; nil where it has none.
  package static func estimatedCost(_ target: ProbeTarget, questions: Int) -> Double? {
    let prices = target.models.compactMap { target.arm.prices[$0] }.filter(\.isOfTokens)
    guard let dearest = prices.map({ $0.input * Double(promptTokens) + $0.output }).max() else { return nil }
    return dearest * Double(questions) / 1e6
  }

  /// The tokens of a small question, about.
  static let promptTokens = 10
  /// Models that are asked one by one where the arm does not list them.
  static let modelQuestions = 8
  /// Models that are looked up one by one where the vendor has a place for each.
  static let modelLookups = 32
}
