/// What a job has cost: as its vendor says, in whatever it counts.

import Dialects
import MediaJobs
import RolloutJudge

extension JobFigures {
  mutating func read(_ machine: JobMachine) {
    polls = machine.polls
    seconds = machine.report.seconds ?? seconds
    credits = machine.report.credits ?? credits
    dollars = machine.report.dollars ?? dollars
    assets = machine.report.outputs.count
  }

  /// - Returns: USD of what was made: by the vendor's own count, else by the playbook's price of a picture or of a video's second;
  ///   nil where neither is known.
  func cost(_ price: Price?, _ asked: MediaRequest) -> Double? {
    if let counted = counted(price) { return counted }
    var amount = MediaAmount()
    amount.pictures = assets
    amount.megapixels = asked.size.map { Double($0.width * $0.height) / 1e6 }
    amount.seconds = asked.duration
    return price?.media?.dollars(amount, of: asked.kind == .videos ? .videos : .images)
  }

  /// By what the vendor counts.
  func counted(_ price: Price?) -> Double? {
    if let dollars { return dollars }
    let media = price?.media
    if let count = units ?? credits, let unit = media?.perUnit { return count * unit }
    if let seconds, let second = media?.perSecond { return seconds * second }
    return nil
  }

  /// Credits are given back where the job failed; a machine's seconds are not.
  func costOfFailure(_ form: JobForm, _ price: Price?) -> Double? {
    if form.bill.credits != nil { return 0 }
    return counted(price)
  }

  /// Words of vendors for what their models will not draw.
  static func tellsOfModeration(_ message: String) -> Bool {
    let text = message.lowercased()
    return ["nsfw", "moderation", "content policy", "content_policy", "sensitive", "safety", "prompt was rejected"]
      .contains { text.contains($0) }
  }
}
