/// Answers a request to a media vendor from its row and the jobs it has been given.

struct MediaChoice: Sendable {
  struct Outcome: Sendable {
    var answer: Answer
    /// Passes before the answer, beside the gateway's latency.
    var wait = Duration.zero
    /// Takes the place of the planned fault.
    var fault: Fault?
  }

  let vendor: VendorRow
  let row: MediaRow
  let place: MediaPlace
  let plan: RequestPlan
  let serial: Int
  let request: RequestFacts
  /// Nil where it is no JSON object and no form.
  let body: JSONValue?
  /// `http` or `https`.
  let scheme: String

  /// Scheme and host, as the caller reached the gateway.
  var base: String { "\(scheme)://\(JSONText.escaped(request.first("host") ?? "127.0.0.1"))" }

  func answer(_ board: inout JobBoard, at now: Duration) -> Outcome {
    if let id = named, board[id] == nil { board.strayed(withKey: carriesKey) }
    switch place {
    case .file(let id, let number): return file(id, number, &board, at: now)
    case .ledger: return Outcome(answer: JobLedger(jobs: board.all, counts: board.counts, now: now).answer)
    case .work, .nowhere: break
    }
    if case .status(let status, let seconds) = plan.fault {
      return refusal(row.errors.reply(to: status), retryAfterSeconds: seconds)
    }
    if let key = plan.behavior.requireKey, !vendor.accepts(request, key: key) {
      return refusal(row.errors.reply(to: 401))
    }
    guard case .work(let place) = place else { return refusal(row.errors.notFound) }
    if plan.fault == .errorInBody || plan.fault == .errorEvent {
      var reply = row.errors.other
      reply.status = 200
      return refusal(reply, fault: Fault.none)
    }
    switch place.route.act {
    case .say(let reply): return said(reply) { _ in nil }
    case .create, .make: return created(place, &board, at: now)
    case .poll: return polled(place, &board, at: now)
    case .result: return looked(place, board, at: now) { place.service.result(in: $0) }
    case .cancel: return cancelled(place, &board, at: now)
    case .content: return content(place, &board, at: now)
    }
  }

  func values(_ job: EmulatedJob, _ service: MediaService, at now: Duration, isNew: Bool = false) -> MediaValues {
    let jobs = plan.behavior.jobs
    return MediaValues(
      job: job, service: service, now: now, base: jobs.jobsAt ?? base, filesBase: jobs.filesAt ?? base, isNew: isNew)
  }

  // MARK: Looking

  /// The job that the path names, or the body in its place.
  private var named: String? {
    switch place {
    case .work(let place): place.match.id ?? place.route.idField.flatMap { body?[$0]?.string }
    case .file(let id, _): id
    case .ledger, .nowhere: nil
    }
  }

  /// The job that the request names; its app must be the path's, where the path names one.
  private func job(_ place: MediaRow.Place, _ board: JobBoard) -> EmulatedJob? {
    guard let id = named, let job = board[id] else { return nil }
    return place.match.model.map { $0 == MediaValues.app(job.model) } ?? true ? job : nil
  }

  private func polled(_ place: MediaRow.Place, _ board: inout JobBoard, at now: Duration) -> Outcome {
    guard let job = job(place, board) else { return refusal(row.errors.notFound) }
    board.polled(job.id)
    let manners = plan.behavior.jobs
    if job.tally.polled < manners.notFoundFirst { return refusal(row.errors.notFound) }
    switch manners.pollFault(seed: plan.behavior.seed, number: board.counts.polled) {
    case .tooMany: return refusal(row.errors.reply(to: 429), retryAfterSeconds: 1)
    case .serverError: return refusal(row.errors.reply(to: 500))
    case .unavailable: return refusal(row.errors.reply(to: 503))
    case .badGatewayPage: return Outcome(answer: Self.page(502))
    case .page: return Outcome(answer: Self.page(200))
    case nil: return looked(place, board, at: now) { place.service.reply(to: $0) }
    }
  }

  private static func page(_ status: Int) -> Answer {
    Answer(
      status: status, headers: [.init(name: "Content-Type", value: "text/html")],
      body: .document("<html><body><h1>502 Bad Gateway</h1></body></html>\n"))
  }

  private func looked(
    _ place: MediaRow.Place, _ board: JobBoard, at now: Duration, _ reply: (JobState) -> MediaReply
  ) -> Outcome {
    guard let job = job(place, board) else { return refusal(row.errors.notFound) }
    let values = values(job, place.service, at: now)
    return said(reply(values.state), values.value)
  }

  private func cancelled(_ place: MediaRow.Place, _ board: inout JobBoard, at now: Duration) -> Outcome {
    guard let job = job(place, board) else { return refusal(row.errors.notFound) }
    let isInTime = board.cancel(job.id, at: now)
    return looked(place, board, at: now) { state in
      (isInTime ? place.service.cancelled : place.service.cancelledLate) ?? place.service.reply(to: state)
    }
  }

  // MARK: Files

  private func content(_ place: MediaRow.Place, _ board: inout JobBoard, at now: Duration) -> Outcome {
    guard let job = job(place, board) else { return refusal(row.errors.notFound) }
    board.contentAsked(job.id)
    return Self.bytes(job, 1, at: now).map { Outcome(answer: $0) } ?? refusal(row.errors.notFound)
  }

  /// A file needs no key, and is told apart where it came with one.
  private func file(_ id: String, _ number: Int, _ board: inout JobBoard, at now: Duration) -> Outcome {
    if let job = board[id] { board.fetched(job.id, withKey: carriesKey) }
    if case .status(let status, _) = plan.fault { return refusal(row.errors.reply(to: status)) }
    let answer = board[id].flatMap { Self.bytes($0, number, at: now) }
    return answer.map { Outcome(answer: $0) }
      ?? Outcome(
        answer: Answer(
          status: 404, headers: [.init(name: "Content-Type", value: "text/plain")], body: .document("Not found\n")))
  }

  private var carriesKey: Bool {
    request.headers.contains { Self.keyHeaders.contains($0.name.lowercased()) }
      || plan.behavior.requireKey.map { key in
        request.target.contains(key) || request.headers.contains { $0.value.contains(key) }
      } ?? false
  }

  private static let keyHeaders: Set<String> = [
    "authorization", "x-api-key", "api-key", "x-goog-api-key", "x-portkey-api-key", "cookie",
  ]

  private static func bytes(_ job: EmulatedJob, _ number: Int, at now: Duration) -> Answer? {
    guard job.state(at: now) == .succeeded, job.fate != .fileMissing, (1...max(1, job.asked.count)).contains(number),
      job.fate != .empty
    else { return nil }
    let type = job.kind == .image ? "image/png" : "video/mp4"
    return Answer(headers: [.init(name: "Content-Type", value: type)], body: .bytes(MediaValues.file(job, number)))
  }

  // MARK: Saying

  func said(_ reply: MediaReply, fault: Fault? = nil, _ value: (Substring) -> String?) -> Outcome {
    var headers = [Answer.Header(name: "Content-Type", value: "application/json")]
    for (name, template) in reply.headers.sorted(by: { $0.key < $1.key }) {
      headers.append(.init(name: name, value: MediaTemplate.fill(template, value)))
    }
    let text = MediaTemplate.fill(reply.template, value)
    return Outcome(answer: Answer(status: reply.status, headers: headers, body: .document(text)), fault: fault)
  }

  func refusal(
    _ reply: MediaReply, _ complaint: Complaint? = nil, retryAfterSeconds: Int? = nil, fault: Fault? = nil
  ) -> Outcome {
    var outcome = said(reply, fault: fault) { name in
      switch (name, complaint?.kind) {
      case ("field", _): complaint.map { JSONText.escaped($0.place) }
      case ("message", .value(let message)): JSONText.escaped(message)
      case ("status", _): "\(reply.status)"
      case ("serial", _): "\(serial)"
      default: nil
      }
    }
    if let seconds = retryAfterSeconds {
      outcome.answer.headers.append(.init(name: "Retry-After", value: "\(seconds)"))
    }
    return outcome
  }
}

/// A request's place among a media vendor's paths.
enum MediaPlace: Sendable {
  case work(MediaRow.Place)
  case file(id: String, number: Int)
  /// What became of all jobs, for whoever rehearses.
  case ledger
  /// No path of its own.
  case nowhere

  init?(_ row: MediaRow, _ request: RequestFacts, body: JSONValue? = nil) {
    let method = request.isHead ? "GET" : request.method
    if let place = row.place(request.method, request.target, model: body?["model"]?.string) {
      self = .work(place)
      return
    }
    let segments = request.target.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false)
    switch (method, segments.count) {
    case ("GET", 4) where segments[1] == "files":
      guard let number = segments[3].split(separator: ".").first.flatMap({ Int($0) }) else { return nil }
      self = .file(id: String(segments[2]), number: number)
    case ("GET", 3) where segments[1] == "emulated" && segments[2] == "jobs":
      self = .ledger
    default:
      return nil
    }
  }
}
