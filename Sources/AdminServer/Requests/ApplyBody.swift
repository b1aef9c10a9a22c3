/// The body of `POST /apply`: a playbook's text, or none for the file that the process was started with.

import RolloutJudge

struct ApplyBody: Equatable {
  var order: PlaybookOrder

  /// - Parameter isAuthorized: The request carries the admin token.
  /// - Throws: `Refusal.invalid`.
  init(body: [UInt8], isAuthorized: Bool) throws(Refusal) {
    let object = try ScalarObject(body, keys: ["playbook", "actor", "stage", "seq", "dry_run"])
    order = PlaybookOrder(
      text: try object.text("playbook", limit: AdminLimits.bodyBytes, isRaw: true),
      shown: ShownState(
        stage: try object.text("stage", limit: AdminLimits.nameBytes), seq: try object.count("seq")),
      actor: try object.text("actor", limit: AdminLimits.nameBytes) ?? CommandBody.defaultActor,
      isAuthorized: isAuthorized, isDryRun: try object.flag("dry_run"))
  }
}
