/// How an emulated vendor treats the jobs it is given: how long they take and what becomes of them.

package struct JobManners: Sendable, Equatable {
  /// From a job's creation to its end.
  package var takes: LatencyShape
  /// Shares of all jobs, from 0 to 1; at most one of them strikes a job.
  package var failRate: Double
  package var stuckRate: Double
  package var lostRate: Double
  package var fileMissingRate: Double
  /// The share of polls answered by an error, or by what is not JSON.
  package var pollFaultRate: Double
  /// So many first polls of each job are answered 404.
  package var notFoundFirst: Int
  /// Scheme and host of the addresses at which it says that its jobs and its files are; nil: its own.
  package var jobsAt: String?
  package var filesAt: String?

  package init(
    takes: LatencyShape = .fixed(.zero), failRate: Double = 0, stuckRate: Double = 0, lostRate: Double = 0,
    fileMissingRate: Double = 0, pollFaultRate: Double = 0, notFoundFirst: Int = 0,
    jobsAt: String? = nil, filesAt: String? = nil
  ) {
    self.takes = takes
    self.failRate = failRate
    self.stuckRate = stuckRate
    self.lostRate = lostRate
    self.fileMissingRate = fileMissingRate
    self.pollFaultRate = pollFaultRate
    self.notFoundFirst = notFoundFirst
    self.jobsAt = jobsAt
    self.filesAt = filesAt
  }

  private static let jobSalt: UInt64 = 0x6A6F_6273_6A6F_6273
  private static let pollSalt: UInt64 = 0x706F_6C6C_706F_6C6C

  /// - Parameter number: the job's, so that a seed repeats the fates whatever else is asked.
  func draw(seed: UInt64, number: Int) -> (fate: JobFate, takes: Duration) {
    var random = SeededRandom(seed: seed ^ Self.jobSalt, number: number)
    let chance = random.fraction()
    let shares: [(JobFate, Double)] = [
      (.fails, failRate), (.stuck, stuckRate), (.lost, lostRate), (.fileMissing, fileMissingRate),
    ]
    var bound = 0.0
    var fate = JobFate.succeeds
    for (each, share) in shares {
      bound += share
      if chance < bound {
        fate = each
        break
      }
    }
    return (fate, takes.draw(using: &random))
  }

  /// What a poll gets instead of the job's state.
  enum PollFault: CaseIterable, Sendable, Equatable {
    case tooMany, serverError, unavailable
    /// A proxy's page, under its own status and under 200.
    case badGatewayPage, page
  }

  /// - Parameter number: of all polls so far.
  func pollFault(seed: UInt64, number: Int) -> PollFault? {
    guard pollFaultRate > 0 else { return nil }
    var random = SeededRandom(seed: seed ^ Self.pollSalt, number: number)
    guard random.fraction() < pollFaultRate else { return nil }
    return PollFault.allCases[random.below(PollFault.allCases.count)]
  }
}
