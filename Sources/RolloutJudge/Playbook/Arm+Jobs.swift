/// The playbook's words for what an arm makes by jobs.

import Dialects
package import MediaJobs
import TrafficSplit
import Vendors

extension Arm {
  /// The playbook's words for the parameters of a job.
  ///
  /// - Parameters:
  ///   - model: the arm's own id.
  ///   - asked: the application's.
  package func jobChanges(model: String, asked: String) -> JobSubmission.Changes {
    let rules = outgoing.byModel.filter { $0.concerns(model) || $0.concerns(asked) }
    let own = dropFields.filter { !outgoing.vendor.drop.contains($0) && !PrivateName.members.contains($0) }
    let renames = rules.flatMap(\.renames) + outgoing.renames
    return JobSubmission.Changes(
      drop: Set(own + rules.flatMap(\.drop)),
      rename: Dictionary(renames.map { ($0.from, $0.to) }, uniquingKeysWith: { model, _ in model }))
  }
}
