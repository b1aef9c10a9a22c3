/// A creation: what is wrong with it, the job that it begins, and how long its answer waits for that job.

extension MediaChoice {
  func created(_ place: MediaRow.Place, _ board: inout JobBoard, at now: Duration) -> Outcome {
    let service = place.service
    guard let body else {
      return refusal(row.errors.value, Complaint(place: "body", kind: .value("must be a JSON object")))
    }
    if let complaint = complaint(place, body) { return refusal(row.errors.reply(to: complaint), complaint) }
    let job = begun(place, body, number: board.counts.created + 1, at: now)
    board.add(job)
    if job.fate == .lost {
      return Outcome(answer: said(service.created) { _ in nil }.answer, fault: .closeBeforeHead)
    }
    if place.route.act == .make { return made(job, service, at: now) }
    switch waiting(service, body) {
    case .none: return said(service.created, values(job, service, at: now, isNew: true).value)
    case .some(let longest): return waited(job, service, longest, at: now)
    }
  }

  private func complaint(_ place: MediaRow.Place, _ body: JSONValue) -> Complaint? {
    for (name, message) in place.service.requiredHeaders.sorted(by: { $0.key < $1.key })
    where request.first(name) == nil {
      return Complaint(place: name, kind: .value(message))
    }
    return place.service.params.complaint(about: body)
  }

  private func begun(_ place: MediaRow.Place, _ body: JSONValue, number: Int, at now: Duration) -> EmulatedJob {
    let params = place.service.params
    let fields = params.fields(of: body)
    let seed = plan.behavior.seed
    let draw = plan.behavior.jobs.draw(seed: seed, number: number)
    let model =
      place.match.model.map(JSONText.escaped) ?? body["model"]?.string ?? body["version"]?.string ?? "emulated/media"
    var random = SeededRandom(seed: seed ^ Self.identifierSalt, number: number)
    let id = MediaTemplate.identifier(
      place.service.identifier, epoch: MediaInstant.epoch(now), using: &random)
    let prompt = params.required.first.flatMap { fields[$0]?.string } ?? ""
    let input = fields.text
    return EmulatedJob(
      number: number, id: id, kind: place.service.kind ?? MediaValues.kind(of: model), model: model,
      asked: AskedMedia(fields, params), fate: plan.fault == .empty ? .empty : draw.fate,
      isEncoded: place.service.encoding.isOn(fields, model: model), prompt: prompt,
      input: input.utf8.count <= Self.inputLimit ? input : #"{"prompt":"\#(prompt)"}"#, createdAt: now,
      takes: draw.takes)
  }

  private static var identifierSalt: UInt64 { 0x6A6F_6269_646A_6F62 }
  /// A longer input is not repeated in every answer.
  private static var inputLimit: Int { 16 << 10 }

  // MARK: Waiting

  /// How long the answer may wait for the job's end; nil: it does not.
  private func waiting(_ service: MediaService, _ body: JSONValue) -> Duration? {
    switch service.waiting {
    case .never: return nil
    case .preferHeader:
      guard let value = request.first("prefer"), value.hasPrefix("wait") else { return nil }
      return .seconds(min(60, Int(value.dropFirst("wait=".count)) ?? 60))
    case .field(let name, let longest): return body[name]?.text == "true" ? longest : nil
    case .progressLines: return body["webHook"] == nil ? .seconds(3600) : nil
    }
  }

  private func waited(
    _ job: EmulatedJob, _ service: MediaService, _ longest: Duration, at now: Duration
  ) -> Outcome {
    let wait = min(job.left(at: now) ?? longest, longest)
    let values = values(job, service, at: now + wait)
    let isOver = job.isOver(at: now + wait)
    var outcome: Outcome
    if service.waiting == .progressLines {
      outcome = lines(job, service, values)
    } else {
      var reply = isOver ? service.reply(to: values.state) : service.waitedOut ?? service.created
      if service.waiting == .preferHeader { reply.status = isOver ? 201 : 202 }
      let new = self.values(job, service, at: now, isNew: true)
      outcome = said(reply, isOver ? values.value : new.value)
    }
    outcome.wait = wait
    return outcome
  }

  /// Progress as lines of a stream, or the last of them alone.
  private func lines(_ job: EmulatedJob, _ service: MediaService, _ values: MediaValues) -> Outcome {
    let last = "data: " + MediaTemplate.fill(service.line(values.state), values.value) + "\n\n"
    if body?["shutProgress"]?.text == "true" {
      return Outcome(
        answer: Answer(headers: [.init(name: "Content-Type", value: "application/json")], body: .document(last)))
    }
    let first = "data: " + MediaTemplate.fill(service.line(.running), values.value) + "\n\n"
    let events = [Answer.StreamEvent(text: first), Answer.StreamEvent(text: last, isContent: true)]
    return Outcome(
      answer: Answer(
        headers: [.init(name: "Content-Type", value: "text/event-stream")],
        body: .stream(preamble: [], events: events)))
  }

  /// A picture made while the caller waits.
  private func made(_ job: EmulatedJob, _ service: MediaService, at now: Duration) -> Outcome {
    guard let wait = job.left(at: now) else {
      return Outcome(answer: said(service.created) { _ in nil }.answer, fault: .hangBeforeHead)
    }
    let values = values(job, service, at: now + wait)
    var outcome: Outcome
    if values.state == .succeeded, body?["stream"]?.text == "true", let event = service.events {
      let events = (0..<max(1, job.asked.count)).map { number in
        AnswerDraft.event(
          MediaTemplate.fill(event) { values.value($0) ?? values.item(number + 1, $0) }, isContent: true)
      }
      outcome = Outcome(
        answer: Answer(
          headers: [.init(name: "Content-Type", value: "text/event-stream")],
          body: .stream(preamble: [], events: events + [AnswerDraft.event("[DONE]")])))
    } else {
      outcome = said(service.reply(to: values.state), values.value)
    }
    outcome.wait = wait
    return outcome
  }
}
