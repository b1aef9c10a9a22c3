/// A proxy that the environment names and no arm uses: other programs would, so whoever set it may think that this one does.

import RolloutJudge

enum UnusedProxy {
  /// - Returns: the remark; nil where nobody can have meant it.
  static func remark(_ playbook: Playbook, _ environment: [String: String]) -> String? {
    let arms = [playbook.baseline] + playbook.candidates
    let names = ["HTTPS_PROXY", "https_proxy"].filter { !(environment[$0] ?? "").isEmpty }
    guard let name = names.first, !arms.contains(where: { $0.proxy != nil }) else { return nil }
    guard arms.contains(where: { $0.url.isTLS }) else { return nil }
    return "\(name) is set, and no arm uses it: say proxy: environment on those that are reached through it"
  }
}
