/// The steps of a probe that a vendor bills: a few small questions, streamed, one token each.

import Dialects
import RolloutJudge
import TrafficSplit

extension ArmExamination {
  mutating func ask() {
    guard let model = modelToAsk else {
      // All that is mapped may be pictures.
      guard target.jobs == nil else { return }
      findings.question = .noModel
      return
    }
    progress("\(settings.requests) small questions to \(model)")
    let first = question(model)
    findings.question = first.finding(model)
    if case .answered = first.finding(model) {
      if case .unproven = findings.authentication { findings.authentication = .accepted }
      if case .unclear = findings.authentication { findings.authentication = .accepted }
      let rest = series(settings.requests - 1, after: [first]) { $0.question(model) }
      findings.asked = PhaseTimes(rest.filter { $0.openedConnections == 0 })
    } else if let status = first.status, [401, 402, 403].contains(status) {
      findings.authentication = target.key == nil ? .refused(status: status, hasKey: false) : Self.finding(status)
    }
    settle(model, first)
    askForUnlisted(but: model)
  }

  /// The first model with a whole id that is listed, else the first with a whole id.
  private var modelToAsk: String? {
    let whole = target.models.filter { !$0.contains("*") }
    let listed = findings.models.first { finding in
      guard case .listed = finding.state else { return false }
      return whole.contains(finding.model)
    }
    if let model = listed?.model { return model }
    if target.jobs == nil, let model = whole.first { return model }
    let globs = target.models.map { Glob($0) }
    return list?.ids.first { id in
      !id.contains("*") && (globs.isEmpty || globs.contains { $0.matches(id) })
    }
  }

  private mutating func question(_ model: String) -> Transfer {
    findings.billedRequests += 1
    let endpoint = target.questionEndpoint
    // OpenAI's reasoning models refuse max_tokens.
    let limit = target.arm.vendor == "openai" ? "max_completion_tokens" : "max_tokens"
    let body =
      #"{"model":\#(JSONLiteral.text(model)),"messages":[{"role":"user","content":"Say: ok"}],"#
      + #""\#(limit)":1,"stream":true}"#
    return client.perform(
      CurlClient.Request(
        url: "\(target.arm.url.description)/\(endpoint.rawValue)",
        headers: ["Content-Type: application/json"] + target.headerLines(withKey: true), body: body,
        endpoint: endpoint))
  }

  /// A question tells more about a model than any list.
  private mutating func settle(_ model: String, _ answer: Transfer) {
    guard target.models.contains(model) else { return }
    let index = findings.models.firstIndex { $0.model == model } ?? findings.models.endIndex
    if index == findings.models.endIndex { findings.models.append(ModelFinding(model: model, state: .unknown)) }
    switch (answer.finding(model), findings.models[index].state) {
    case (.answered, .missing), (.answered, .unknown), (.silent, .missing), (.silent, .unknown):
      findings.models[index].state = .answered
    case (.refused(_, let status), .unknown) where [400, 404, 422].contains(status):
      findings.models[index].state = .refused(status: status)
    default: break
    }
  }

  private mutating func askForUnlisted(but asked: String) {
    // What is in no list may be a picture's or a video's, and a question to it dear.
    guard target.jobs == nil else { return }
    let open = target.models.filter { model in
      guard model != asked, !model.contains("*") else { return false }
      guard case .listed = findings.models.first(where: { $0.model == model })?.state else { return true }
      return false
    }
    for model in open.prefix(ArmProber.modelQuestions) {
      progress("one small question to \(model)")
      settle(model, question(model))
    }
  }
}

extension Transfer {
  fileprivate func finding(_ model: String) -> QuestionFinding {
    if let status, status >= 300 { return .refused(model: model, status: status) }
    if let failure { return .failed(model: model, failure) }
    if let error = facts?.error { return .errorInBody(model: model, kind: error.kind.rawValue) }
    return times.firstToken == nil ? .silent(model: model) : .answered(model: model)
  }
}
