/// The steps of a probe towards what an arm makes by jobs: its key and its models, asked after for nothing.

import MediaJobs
import RolloutJudge
import TrafficSplit

extension ArmExamination {
  /// What is asked of an arm that has nothing but jobs, where others are asked for their models.
  func jobRequest(_ jobs: ArmJobs, withKey: Bool = true) -> CurlClient.Request {
    let model = target.models.first { !$0.contains("*") }
    return request(JobQuestion.unknownJob(jobs, jobs.form, model: model), withKey: withKey)
  }

  func request(_ question: JobQuestion, withKey: Bool) -> CurlClient.Request {
    var request = CurlClient.Request(url: question.url, headers: target.headerLines(withKey: withKey))
    guard question.method != "GET" else { return request }
    request.headers.append("Content-Type: application/json")
    request.body = question.body
    if question.method != "POST" { request.method = question.method }
    return request
  }

  /// - Parameter answer: to `jobRequest`; nil: it has not been asked yet.
  mutating func examineJobs(_ jobs: ArmJobs, _ answer: Transfer? = nil) {
    findings.media = MediaFindings(url: jobs.url.description.withoutSecrets(target.secrets))
    progress("asking after a job that nobody has")
    let answer = answer ?? get(jobRequest(jobs))
    if let failure = answer.failure, failure.kind != .tooLarge {
      findings.media?.unreachable = failure
      return
    }
    let key = jobKey(jobs, answer)
    findings.media?.authentication = key
    if target.isOfJobsAlone { findings.authentication = key }
    lookUpModels(jobs)
  }

  private mutating func jobKey(_ jobs: ArmJobs, _ answer: Transfer) -> AuthenticationFinding {
    let reply = JobReply(status: answer.status ?? 0, body: answer.body, jobs.form)
    guard target.key != nil else {
      switch reply {
      case .heard: return .notNeeded
      case .refused(let status): return .refused(status: status, hasKey: false)
      case .unpaid, .unclear: return reply.authentication
      }
    }
    guard case .heard = reply else { return reply.authentication }
    let stranger = get(jobRequest(jobs, withKey: false))
    if case .refused = JobReply(status: stranger.status ?? 0, body: stranger.body, jobs.form) { return .accepted }
    return .unproven
  }

  /// Each where the vendor has a place for it. A list of text models has none of those that are made by jobs.
  private mutating func lookUpModels(_ jobs: ArmJobs) {
    for index in findings.models.indices {
      if case .missing = findings.models[index].state { findings.models[index].state = .unknown }
    }
    guard case .accepted = findings.media?.authentication else { return }
    for model in target.models.filter({ !$0.contains("*") }).prefix(ArmProber.modelLookups) {
      let known = findings.models.firstIndex { $0.model == model }
      if let known, case .listed = findings.models[known].state { continue }
      guard let question = JobQuestion.model(model, jobs, jobs.form) else { return }
      let answer = get(request(question, withKey: true))
      guard case .heard(let isThere) = JobReply(status: answer.status ?? 0, body: answer.body, jobs.form) else {
        continue
      }
      let finding = ModelFinding(model: model, state: isThere ? .listed(matches: 1) : .missing(nearest: nil))
      if let known { findings.models[known] = finding } else { findings.models.append(finding) }
    }
  }
}

extension ArmJobs {
  /// The words that questions about a job are asked in: every vendor has one way for both kinds.
  var form: JobForm { row.pictures ?? row.videos ?? Self.none }

  /// Of a row with nothing in it, which is none.
  private static let none = JobForm(
    submit: "/", names: MediaNames(), poll: JobRequest(path: "/{id}"), outputs: [], error: [])
}
