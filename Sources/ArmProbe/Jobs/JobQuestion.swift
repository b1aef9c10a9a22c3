/// The questions to a vendor of jobs that cost nothing: after a job that nobody has, and after a model.

import MediaJobs
import RolloutJudge

/// One such request, but for who asks it.
struct JobQuestion: Equatable {
  var method: String
  var url: String
  /// Empty: none.
  var body = ""

  /// In no vendor's form for its own jobs, and in all of them well-formed.
  private static let nobodys = "00000000-0000-0000-0000-000000000000"

  /// The row's own poll, after a job that does not exist: who may ask is told that, who may not is told so.
  ///
  /// - Parameter model: one of the arm's, for vendors whose jobs stand under their model's name.
  static func unknownJob(_ jobs: ArmJobs, _ form: JobForm, model: String?) -> JobQuestion {
    let poll = form.poll
    // A job that does not exist has no link: it would stand under its app, which is a model's first two names.
    let app = (model ?? "nobody/nothing").split(separator: "/").prefix(2).joined(separator: "/")
    let path = poll.path?.replacing("{id}", with: nobodys) ?? "/\(app)\(poll.mark)\(nobodys)/status"
    return JobQuestion(
      method: poll.method, url: address(path, at: jobs.url), body: poll.body.replacing("{id}", with: "\"\(nobodys)\""))
  }

  /// The model's own document, which is where its jobs are created, one step up; nil where the vendor has no such place.
  static func model(_ model: String, _ jobs: ArmJobs, _ form: JobForm) -> JobQuestion? {
    guard let end = form.submit.firstRange(of: "{model}/")?.upperBound, JobSubmission.isPath(model) else {
      return nil
    }
    let path = form.submit[..<form.submit.index(before: end)].replacing("{model}", with: model)
    return JobQuestion(method: "GET", url: address(String(path), at: jobs.url))
  }

  static func address(_ path: String, at url: ArmURL) -> String {
    var root = url
    root.basePath = ""
    return root.description + joined(url.basePath, path)
  }
}

/// What an answer to one of them says of who has asked.
enum JobReply: Equatable {
  /// The asker may ask: the job, or the model, is not there, or is.
  case heard(isThere: Bool)
  case refused(status: Int)
  case unpaid
  case unclear(status: Int)

  init(status: Int, body: [UInt8], _ form: JobForm) {
    switch status {
    case 401, 403: self = .refused(status: status)
    case 402: self = .unpaid
    case 200..<300, 400, 404, 422:
      let report = JobReport(body, form)
      if let words = report?.error, Self.tellsOfKey(words) {
        self = .refused(status: status)
      } else {
        self = .heard(isThere: (200..<300).contains(status) && report?.isRefused != true)
      }
    default: self = .unclear(status: status)
    }
  }

  /// Words of vendors that refuse a key under another status than 401.
  private static func tellsOfKey(_ words: String) -> Bool {
    let text = words.lowercased()
    return ["api key", "apikey", "api_key", "unauthorized", "unauthenticated", "authentication", "invalid token"]
      .contains { text.contains($0) }
  }

  var authentication: AuthenticationFinding {
    switch self {
    case .heard: .accepted
    case .refused(let status): .refused(status: status, hasKey: true)
    case .unpaid: .unpaid
    case .unclear(let status): .unclear(status: status)
    }
  }
}
