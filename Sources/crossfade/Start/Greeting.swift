/// The first lines of `run` for people: what to change in the application, where to look, what happens now and next.

import PlaybookYAML
import RolloutJudge

struct Greeting {
  let playbook: Playbook
  let status: RolloutStatus
  let listen: ListenAddress
  let admin: ListenAddress
  var inColour = false

  var lines: [String] {
    let explanation = PlaybookExplanation(playbook)
    let names = explanation.arms.dropFirst().map(\.name).joined(separator: ", ")
    let rows = [
      ("change", "in the application: baseURL \(applicationURL)"), ("", "was \(playbook.baseline.url.description)"),
      ("dashboard", "http://\(Self.authority(admin))/"), ("now", now(explanation)), ("next", next(explanation)),
      ("stop", "Ctrl-C; with the same --store the rollout goes on from where it is"),
    ]
    let title = "Crossfade \(Version.text): \(playbook.name), from \(playbook.baseline.name) to \(names)"
    return [StyledLine(title, .bold).text(inColour: inColour), ""]
      + rows.map { (StyledLine("  " + $0.0.padded(11), .dim) + StyledLine($0.1)).text(inColour: inColour) } + [""]
  }

  /// The baseline's own path, where the application can keep it; OpenRouter's otherwise.
  private var applicationURL: String {
    let path = playbook.baseline.url.basePath
    return "http://\(Self.authority(listen))" + (["/v1", "/api/v1"].contains(path) ? path : "/api/v1")
  }

  /// An address that can be connected to: every address of this machine is reached by the loopback's.
  private static func authority(_ address: ListenAddress) -> String {
    let host = ["0.0.0.0", ""].contains(address.host) ? "127.0.0.1" : address.host == "::" ? "::1" : address.host
    return host.contains(":") ? "[\(host)]:\(address.port)" : "\(host):\(address.port)"
  }

  private func now(_ explanation: PlaybookExplanation) -> String {
    let baseline = playbook.baseline.name
    let stage = "stage \(status.stageIndex + 1) of \(status.stageCount), \(status.stage)"
    switch status.state {
    case .running: return "\(stage): \(text(of: status.stageIndex, explanation))"
    case .paused: return "paused in \(stage): candidates get as much as before, and nothing advances"
    case .rolledBack: return "rolled back: \(baseline) answers everything"
    case .completed: return "completed: \(text(of: status.stageIndex, explanation))"
    case .aborted: return "aborted: \(baseline) answers everything"
    }
  }

  private func next(_ explanation: PlaybookExplanation) -> String {
    switch status.state {
    case .running where status.stageIndex + 1 < explanation.stages.count:
      let place = status.stageIndex + 1
      return "\(explanation.stages[place].name): \(text(of: place, explanation))"
    case .running: return "the last stage ends, and the rollout is complete"
    case .paused: return "'crossfade resume' lets it go on, 'crossfade rollback' takes candidates back"
    case .rolledBack: return "'crossfade decisions' says why, 'crossfade rearm' tries again"
    case .completed: return "point the application at the candidate; candidates are watched until then"
    case .aborted: return "'crossfade decisions' says why"
    }
  }

  private func text(of place: Int, _ explanation: PlaybookExplanation) -> String {
    explanation.stages.indices.contains(place) ? explanation.stages[place].text : ""
  }
}
