/// The findings of `verify` on one rollout, as lines for people and as JSON.

import Journal
import RolloutJudge

struct VerifiedRollout: Encodable {
  var rollout: String
  var decisions: Int
  /// The last decision before which none is missing; only where the store is damaged.
  var trusted: Int?
  /// Decisions that rest on evidence.
  var evidenced: Int
  /// Those among them with an e-value that the recorded counts do not give.
  var partly: Int
  var faults: [Fault]
  /// The chain's head after the last decision; nil where there is none.
  var head: String?
  /// The first decision that was journaled with its head; nil: none was.
  var chainedFrom: Int?
  /// Heads that were asked for and are there: the decision after which each was told.
  var found: [String: Int]
  /// SHA-256 of those in force.
  var playbooks: Set<String>

  struct Fault: Encodable {
    var seq: Int
    var message: String
  }

  enum CodingKeys: String, CodingKey {
    case rollout, decisions, trusted, evidenced, partly, faults, head, found
    case chainedFrom = "chained_from"
  }

  init(_ name: String, in store: StoreExamination, _ playbooks: [Playbook], heads: [String]) {
    let decisions = store.decisions(of: name)
    let chain = store.chains[name]
    rollout = name
    self.decisions = decisions.count
    trusted = store.findings.isEmpty ? nil : min(store.trusted(name), (chain?.broken.first).map { $0 - 1 } ?? .max)
    evidenced = decisions.count { $0.evidence != nil }
    partly = decisions.count { !DecisionAudit.isComplete($0) }
    faults = DecisionAudit.faults(
      in: decisions, playbooks: playbooks.filter { $0.name == name }, wholeFrom: chain?.firstLinked
    ).map { Fault(seq: $0.seq, message: $0.message) }
    head = chain?.last
    chainedFrom = chain?.firstLinked
    found = Dictionary(
      heads.compactMap { head in (chain?.decision(withHead: head)).map { (head, $0) } },
      uniquingKeysWith: { first, _ in first })
    self.playbooks = Set(decisions.map(\.playbookSHA256))
  }

  var lines: [String] {
    var lines = audit + chain
    if let trusted {
      lines.append(
        trusted == 0 ? "  no decision of it can be trusted" : "  can be trusted up to decision \(trusted)")
    }
    return lines
  }

  private var audit: [String] {
    let counted = FigureText.counted(decisions, "decision")
    guard faults.isEmpty else {
      return ["\(rollout): of \(counted) \(FigureText.counted(faults.count, "does", "do")) not follow"]
        + faults.map { "  decision \($0.seq): \($0.message.plainText)" }
    }
    var line = "\(rollout): \(counted), each follows from what was recorded"
    if evidenced > 0 { line += evidenced == 1 ? "; 1 rests on evidence" : "; \(evidenced) rest on evidence" }
    guard partly > 0 else { return [line] }
    return [
      line,
      "  \(partly) of them could not be recomputed and were held against their bar only: the journal is older than such "
        + "evidence, or it is about costs, of which only means are kept",
    ]
  }

  private var chain: [String] {
    guard let head else { return [] }
    var lines: [String] = []
    if chainedFrom == nil {
      lines.append(
        "  older than chained seals: whether somebody has rewritten it cannot be known; what it holds follows, or not, as said"
      )
    } else if let chainedFrom, chainedFrom > 1 {
      lines.append(
        "  decisions 1 to \(chainedFrom - 1) are older than chained seals: whether somebody had rewritten them before decision "
          + "\(chainedFrom) was taken cannot be known")
    }
    lines.append("  head \(head)")
    for (head, seq) in found.sorted(by: { $0.value < $1.value }) {
      let later = decisions > seq ? "; \(FigureText.counted(decisions - seq, "decision")) came after it" : ""
      lines.append("  \(head) was told after decision \(seq): everything up to it is as it was then\(later)")
    }
    return lines
  }
}
