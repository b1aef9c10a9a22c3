/// One request to one answer: gate, endpoint, body, control.

import Hummingbird
import Logging
import OperatorLog
import RolloutJudge

struct AdminResponder: Sendable {
  let gate: RequestGate
  let control: any RolloutControl
  let log: EventLog
  let logger: Logger
  private let refused = RefusedRequests()
  private let crowd: AdminCrowd?

  /// - Parameter crowd: of the connections, for `/metrics`.
  init(gate: RequestGate, control: any RolloutControl, log: EventLog, logger: Logger, crowd: AdminCrowd? = nil) {
    self.gate = gate
    self.control = control
    self.log = log
    self.logger = logger
    self.crowd = crowd
  }

  func response(to request: Request) async -> Response {
    let isHead = request.method == .head
    do {
      return Response(try await answer(to: request), isHead: isHead)
    } catch let refusal as Refusal {
      return Response(.refusal(refusal), isHead: isHead)
    } catch {
      logger.error("an admin request failed", error: error, metadata: ["path": "\(request.uri.path)"])
      return Response(.refusal(.broken), isHead: isHead)
    }
  }

  private func answer(to request: Request) async throws -> Answer {
    let endpoint = Endpoint(rawValue: request.uri.path)
    if let refusal = gate.refusal(of: RequestGate.Head(request, endpoint: endpoint)) {
      refused.count(refusal)
      throw refusal
    }
    guard let endpoint else { throw Refusal.notFound }
    guard endpoint.methods.split(separator: ", ").contains(request.method.rawValue[...]) else {
      throw Refusal.method(allowed: endpoint.methods)
    }
    switch endpoint {
    case .dashboard: return Dashboard.answer()
    case .healthz: return try .json(["status": "ok"])
    case .readyz: return try readinessAnswer(await control.readiness())
    case .metrics: return .text(await metricsText(), contentType: Exposition.contentType)
    case .status:
      return try .json(
        StatusAnswer(
          status: await control.status().finite, stages: await control.stageNames(),
          journalFault: await control.journalProblem(), fleet: await control.fleet()))
    case .verdict:
      return try VerdictQuery(parameters(of: request), isPost: request.method == .post)
        .answer(await control.status().finite)
    case .decisions: return try await decisionsAnswer(request)
    case .diffs: return try await diffsAnswer(request)
    case .outcomes: return try await outcomesAnswer(await body(of: request))
    case .apply:
      return try await applyAnswer(ApplyBody(body: await body(of: request), isAuthorized: gate.token != nil))
    case .pause, .resume, .promote, .rollback, .rearm:
      return try await commandAnswer(CommandBody(endpoint: endpoint, body: await body(of: request)))
    }
  }

  private func readinessAnswer(_ readiness: Readiness) throws -> Answer {
    struct Form: Encodable {
      var ready: Bool
      var reason: String?
    }
    switch readiness {
    case .ready: return try .json(Form(ready: true))
    case .notReady(let reason): return try .json(Form(ready: false, reason: reason), status: 503)
    }
  }

  private func metricsText() async -> String {
    let lost = MetricFamily(
      name: "crossfade_log_lines_lost_total", help: "Log lines that nobody read in time.", kind: .counter,
      samples: [.init([:], Double(log.lostLines))])
    let evicted = MetricFamily(
      name: "crossfade_admin_connections_evicted_total",
      help: "Admin connections closed unfinished: too slow, or the oldest of too many.", kind: .counter,
      samples: [.init([:], Double(crowd?.evicted ?? 0))])
    return Exposition.text(
      of: await control.status().metricFamilies + control.metrics() + [lost, evicted, refused.family]
        + ProcessMetrics.families)
  }

  private func parameters(of request: Request) -> [(name: String, value: String)] {
    request.uri.queryParameters.map { (String($0.key), String($0.value)) }
  }

  private func decisionsAnswer(_ request: Request) async throws -> Answer {
    let query = try DecisionQuery(parameters(of: request))
    return try .json(try await control.decisions(after: query.after, limit: query.limit).map(\.finite))
  }

  private func diffsAnswer(_ request: Request) async throws -> Answer {
    let query = try DiffsQuery(parameters(of: request))
    do {
      guard let json = try await control.diffs(query) else {
        throw Refusal.missing("no compared pair of exchange \(query.id ?? "") is kept")
      }
      return Answer(status: 200, contentType: "application/json", body: json + [UInt8(ascii: "\n")])
    } catch let refusal as CommandRefusal {
      throw Refusal(refusal)
    }
  }

  private func outcomesAnswer(_ body: [UInt8]) async throws -> Answer {
    let outcomes = try OutcomeBody.outcomes(in: body)
    do {
      return try .json(["received": outcomes.count, "accepted": await control.report(outcomes)])
    } catch let refusal as CommandRefusal {
      throw Refusal(refusal)
    }
  }

  private func commandAnswer(_ body: CommandBody) async throws -> Answer {
    let order = body.order
    do {
      let decision = try await control.perform(order)
      note(order.command.name, order.actor, order.reason, isDryRun: order.isDryRun)
      return try .json(decision.finite)
    } catch let refusal as CommandRefusal {
      note(order.command.name, order.actor, order.reason, isDryRun: order.isDryRun, refusal: refusal.message)
      throw Refusal(refusal)
    }
  }

  private func applyAnswer(_ body: ApplyBody) async throws -> Answer {
    let order = body.order
    do {
      let answer = try await control.apply(order)
      note("apply", order.actor, nil, isDryRun: order.isDryRun)
      return try .json(answer)
    } catch let refusal as PlaybookRefusal {
      note("apply", order.actor, nil, isDryRun: order.isDryRun, refusal: refusal.problems.joined(separator: "; "))
      throw Refusal.playbook(problems: refusal.problems)
    } catch let refusal as CommandRefusal {
      note("apply", order.actor, nil, isDryRun: order.isDryRun, refusal: refusal.message)
      throw Refusal(refusal)
    }
  }

  /// Asking what would be is no command.
  private func note(_ command: String, _ actor: String, _ reason: String?, isDryRun: Bool, refusal: String? = nil) {
    if !isDryRun { log.emit(.command(command, actor: actor, reason: reason, refusal: refusal)) }
  }

  private func body(of request: Request) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    for try await part in request.body {
      guard bytes.count + part.readableBytes <= AdminLimits.bodyBytes else { throw Refusal.tooLarge }
      bytes.append(contentsOf: part.readableBytesView)
    }
    if !bytes.isEmpty, request.headers[.contentType] == nil { throw Refusal.contentType }
    return bytes
  }
}

extension RequestGate.Head {
  /// An unknown path is treated as the strictest endpoint, so that nothing is learnt from the outside.
  init(_ request: Request, endpoint: Endpoint?) {
    let fields = request.headers
    self.init(
      changesSomething: ![.get, .head].contains(request.method), isOpen: endpoint?.isOpen ?? false,
      host: request.head.authority, origin: fields[HeaderName.origin], fetchSite: fields[HeaderName.fetchSite],
      authorization: fields[.authorization], contentType: fields[.contentType],
      contentEncoding: fields[.contentEncoding])
  }
}
