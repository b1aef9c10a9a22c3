/// The words between a job's machine and whoever obeys it: how the vendor replied, what to do, why there is nothing.

extension JobMachine {
  package enum Reply: Sendable, Equatable {
    case report(JobReport)
    /// A status that is no success, and what its body says.
    case refused(status: Int, message: String?)
    /// A success with no JSON in it.
    case unreadable

    package init(status: Int, _ body: [UInt8], _ form: JobForm) {
      let report = JobReport(body, form)
      if (200..<300).contains(status) {
        self = report.map { .report($0) } ?? .unreadable
      } else {
        self = .refused(status: JobRefusal.status(status, body), message: report?.error)
      }
    }
  }

  package enum Failure: Sendable, Equatable {
    /// The vendor would not create it.
    case refused(status: Int, message: String?)
    /// It was created, and came to nothing.
    case failed(String?)
    /// It was sent and never answered: it may exist, and be billed.
    case lost
    case expired
    /// What it made could not be fetched.
    case noFile(String)
  }

  package enum Action: Sendable, Equatable {
    case submit
    /// Durably, before the first poll.
    case journal(id: String)
    /// - Parameter isAsked: the vendor said so, and no jitter is due.
    case wait(Duration, isAsked: Bool)
    case poll, askForResult
    case fetch(file: Int)
    /// Every file has been given.
    case finish
    case cancel
    case possiblyBilled
    case fail(Failure)
  }
}
