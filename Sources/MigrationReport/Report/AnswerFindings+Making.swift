/// What the compared answers add up to, by candidate.

import ResponseDiff

extension AnswerFindings {
  static func all(_ candidates: [String], _ accounts: Accounts) -> [AnswerFindings] {
    candidates.compactMap { name in
      accounts.pairAccount(arm: name).map { AnswerFindings(candidate: name, $0) }
    }
  }

  private init(candidate: String, _ account: PairAccount) {
    let kinds = Difference.Kind.allCases.map { kind in
      KindCount(
        kind: kind.rawValue, pairs: account.kinds.count(kind), breaking: account.breaking.count(kind),
        noise: account.noiseKinds.count(kind))
    }
    self.init(
      candidate: candidate, pairs: account.pairs, incomparable: account.incomparable,
      mismatchRate: account.mismatchRate, noisePairs: account.noisePairs, noiseRate: account.noiseRate,
      adjustedAgreement: account.adjustedAgreement, toolCallValidity: account.toolCallValidity,
      medianSimilarity: account.similarity.median, medianNoiseSimilarity: account.noiseSimilarity.median,
      kinds: kinds.filter { $0.pairs > 0 || $0.noise > 0 }.sorted {
        ($1.breaking, $1.pairs, $0.kind) < ($0.breaking, $0.pairs, $1.kind)
      },
      similarity: account.similarity.counts, noiseSimilarity: account.noiseSimilarity.counts)
  }
}
