/// The life of one job at a vendor: a fact goes in, actions come out. No clock and no socket here.

/// Legal transitions: `creating` → `waiting` | `fetching` | `ended`; `waiting` → `polling` | `asking`; `polling` → `waiting` |
/// `asking` | `fetching` | `ended`; `asking` → `waiting` | `fetching` | `ended`; `fetching` → `fetching` | `ended`, which is
/// final. From every other one a deadline or a client that leaves leads to `ended`, where the job is called off if it exists.
package struct JobMachine: Sendable {
  package enum Phase: Sendable, Equatable {
    case creating
    /// - Parameter result: it is the result that is asked for next.
    case waiting(result: Bool)
    case polling
    /// For the result, of a vendor that keeps it elsewhere.
    case asking
    /// - Parameter file: by its index.
    case fetching(file: Int)
    case ended
  }

  package private(set) var phase = Phase.creating
  /// The last that was heard of it, with all that earlier documents said and the last does not.
  package private(set) var report = JobReport()
  package private(set) var polls = 0
  private let hasResultApart: Bool
  /// Its files are somebody's: else it is over when it is done.
  private let fetchesFiles: Bool
  /// Nobody waits for it, and it is not known whether it exists.
  private var isAbandoned = false
  private var delay = Self.firstDelay
  private var notFound = 0
  private var fetchTries = 0
  private static let firstDelay = Duration.milliseconds(500)
  private static let longestDelay = Duration.seconds(5)
  /// A vendor that has just created a job may not find it yet.
  private static let notFoundLimit = 3
  private static let fetchLimit = 3

  package init(_ form: JobForm, fetchesFiles: Bool = true) {
    hasResultApart = form.result != nil
    self.fetchesFiles = fetchesFiles
  }

  /// Of a job that exists: it is asked after at once.
  package init(_ form: JobForm, resuming report: JobReport) {
    self.init(form, fetchesFiles: false)
    self.report = report
    phase = .waiting(result: false)
  }

  package func start() -> [Action] { [.submit] }

  // MARK: the creation, which is asked for once

  package mutating func created(_ reply: Reply) -> [Action] {
    guard phase == .creating else { return [] }
    switch reply {
    case .refused(let status, let message): return end(.refused(status: status, message: message))
    case .unreadable: return [.possiblyBilled] + end(.failed("the answer to its creation cannot be read"))
    case .report(let report):
      learn(report)
      if report.isRefused { return end(.refused(status: report.refusedStatus, message: report.error)) }
      if isAbandoned {
        phase = .ended
        return report.id == nil ? [.possiblyBilled] : [.cancel]
      }
      guard let id = report.id else {
        // Some answer at once, and name nothing that could be asked after.
        guard report.state == .succeeded else {
          return report.state == .failed
            ? end(.failed(report.error)) : [.possiblyBilled] + end(.failed("the answer to its creation names no job"))
        }
        return proceed(retryAfter: nil)
      }
      return [.journal(id: id)] + proceed(retryAfter: nil)
    }
  }

  /// - Parameter wasSent: bytes of the request had left.
  package mutating func creationLost(wasSent: Bool) -> [Action] {
    guard phase == .creating else { return [] }
    return (wasSent ? [.possiblyBilled] : []) + end(wasSent ? .lost : .failed(nil))
  }

  // MARK: polls

  /// - Parameter retryAfter: as the answer says.
  package mutating func polled(_ reply: Reply, retryAfter: Duration?) -> [Action] {
    guard phase == .polling || phase == .asking else { return [] }
    switch reply {
    case .unreadable: return wait(retryAfter)
    case .refused(429, _), .refused(408, _), .refused(500..., _): return wait(retryAfter)
    case .refused(404, _) where !isKnown: return waitToBeFound(retryAfter)
    case .refused(let status, let message):
      // fal keeps the failure where the result would be.
      return end(.failed(message ?? "\(phase == .asking ? "its result" : "a poll") was answered \(status)"))
    case .report(let report):
      if report.isRefused {
        return isKnown ? end(.failed(report.error ?? "the vendor no longer knows it")) : waitToBeFound(retryAfter)
      }
      let isResult = phase == .asking
      learn(report)
      if isResult {
        return report.outputs.isEmpty ? end(.failed(report.error ?? "its result has nothing in it")) : fetch(0)
      }
      isKnown = true
      return proceed(retryAfter: retryAfter)
    }
  }

  /// A poll tells nothing that the next one cannot.
  package mutating func pollLost() -> [Action] {
    guard phase == .polling || phase == .asking else { return [] }
    return wait(nil)
  }

  /// It has been found once.
  private var isKnown = false

  private mutating func waitToBeFound(_ retryAfter: Duration?) -> [Action] {
    notFound += 1
    return notFound > Self.notFoundLimit ? end(.failed("the vendor does not know it")) : wait(retryAfter)
  }

  private mutating func proceed(retryAfter: Duration?) -> [Action] {
    switch report.state {
    case .running: return wait(retryAfter)
    // A job that says nothing of itself has just been created, or is none.
    case .unsaid: return phase == .creating ? wait(retryAfter) : end(.failed(report.error ?? "it tells no state"))
    case .failed: return end(.failed(report.error))
    case .cancelled: return end(.failed(report.error ?? "the vendor called it off"))
    case .succeeded:
      guard report.outputs.isEmpty else { return fetch(0) }
      guard hasResultApart else { return end(.failed(report.error ?? "it made nothing")) }
      phase = .asking
      return [.askForResult]
    }
  }

  private mutating func wait(_ retryAfter: Duration?) -> [Action] {
    phase = .waiting(result: phase == .asking)
    let wait = delay
    delay = min(delay * 1.5, Self.longestDelay)
    if let retryAfter { return [.wait(min(max(retryAfter, wait), .seconds(60)), isAsked: true)] }
    return [.wait(wait, isAsked: false)]
  }

  /// The wait is over.
  package mutating func woke() -> [Action] {
    switch phase {
    case .waiting(result: true):
      phase = .asking
      return [.askForResult]
    case .waiting(result: false):
      phase = .polling
      polls += 1
      return [.poll]
    case .fetching(let file): return [.fetch(file: file)]
    case .creating, .polling, .asking, .ended: return []
    }
  }

  private mutating func learn(_ report: JobReport) {
    let former = self.report
    self.report = report
    self.report.id = former.id ?? report.id
    self.report.pollPath = report.pollPath ?? former.pollPath
    self.report.resultPath = report.resultPath ?? former.resultPath
    self.report.cancelPath = report.cancelPath ?? former.cancelPath
    self.report.seconds = report.seconds ?? former.seconds
    self.report.credits = report.credits ?? former.credits
    self.report.dollars = report.dollars ?? former.dollars
  }

  // MARK: files

  private mutating func fetch(_ file: Int) -> [Action] {
    guard fetchesFiles else {
      phase = .ended
      return [.finish]
    }
    phase = .fetching(file: file)
    fetchTries = 0
    return [.fetch(file: file)]
  }

  /// All of the file has been given.
  package mutating func fetched() -> [Action] {
    guard case .fetching(let file) = phase else { return [] }
    guard file + 1 < report.outputs.count else {
      phase = .ended
      return [.finish]
    }
    return fetch(file + 1)
  }

  /// - Parameter mayTryAgain: nothing of it has been given, and it may be there another time.
  package mutating func fileFailed(_ reason: String, mayTryAgain: Bool) -> [Action] {
    guard case .fetching = phase else { return [] }
    fetchTries += 1
    guard mayTryAgain, fetchTries < Self.fetchLimit else { return end(.noFile(reason)) }
    return [.wait(Self.firstDelay * fetchTries, isAsked: false)]
  }

  // MARK: its end from outside

  package mutating func deadlinePassed() -> [Action] { callOff() + end(.expired) }

  /// Nobody waits for it any more.
  /// - Returns: nothing while it is not known whether it exists: its creation is waited for.
  package mutating func clientLeft() -> [Action] {
    guard phase != .creating else {
      isAbandoned = true
      return []
    }
    defer { phase = .ended }
    return callOff()
  }

  private func callOff() -> [Action] {
    guard phase != .ended, report.id != nil else { return phase == .creating ? [.possiblyBilled] : [] }
    if case .fetching = phase { return [] }
    return [.cancel]
  }

  private mutating func end(_ failure: Failure) -> [Action] {
    guard phase != .ended else { return [] }
    phase = .ended
    return [.fail(failure)]
  }
}
