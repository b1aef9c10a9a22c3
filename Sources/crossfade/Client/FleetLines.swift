/// The replicas of a fleet, a line each: who decides, who lags, who has not been heard of.

import AdminServer
import RolloutJudge

enum FleetLines {
  private static let shown = 20

  static func lines(_ fleet: FleetStatus) -> [String] {
    var lines = ["", "replicas  \(fleet.replicas.count)" + (fleet.isStale ? "  stale: \(since(fleet.heardAgo))" : "")]
    lines += fleet.replicas.prefix(shown).map(line)
    if fleet.replicas.count > shown { lines.append("  and \(fleet.replicas.count - shown) more: --json") }
    return lines
  }

  private static func since(_ milliseconds: Double?) -> String {
    guard let milliseconds else { return "the store has not been heard of" }
    return "nothing heard of the store for \(Int(milliseconds / 1000)) s"
  }

  private static func line(_ replica: FleetStatus.Replica) -> String {
    var words = ["\(replica.version)", FigureText.counted(replica.requests, "request")]
    words.append("seen \(Int((replica.lastSeen / 1000).rounded())) s ago")
    if replica.decides { words.append("decides") }
    if replica.lag > 0 { words.append(FigureText.counted(replica.lag, "decision") + " behind") }
    if !replica.isJoined { words.append("follows another playbook") }
    return "  \(replica.name.plainText)  \(words.joined(separator: ", "))"
  }
}
