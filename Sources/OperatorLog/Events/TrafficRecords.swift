/// Records about exchanges, copies and upstreams.

import Dialects
import Logging
import RolloutJudge

extension EventRecord {
  static func exchange(_ exchange: LoggedExchange) -> EventRecord {
    EventRecord(
      .exchange, .info, "\(exchange.arm) ended a \(exchange.population.name) attempt: \(exchange.outcome.rawValue)",
      [
        .id: .string(exchange.id), .arm: .string(exchange.arm), .population: .string(exchange.population.name),
        .outcome: .string(exchange.outcome.rawValue), .path: exchange.path.map(JSONValue.string),
        .model: exchange.model.map(JSONValue.string), .status: exchange.status.map(JSONValue.integer),
        .latency: exchange.latency.map(JSONValue.milliseconds), .ttft: exchange.ttft.map(JSONValue.milliseconds),
        .cost: exchange.cost.map(JSONValue.number),
      ])
  }

  static func fallback(_ id: String, _ candidate: String, _ outcome: Outcome, _ status: Int?) -> EventRecord {
    EventRecord(
      .fallback, .info, "\(candidate) ended as \(outcome.rawValue), the baseline answered",
      [
        .id: .string(id), .candidate: .string(candidate), .outcome: .string(outcome.rawValue),
        .status: status.map(JSONValue.integer),
      ])
  }

  static func shadowDropped(_ candidate: String, _ reason: ShadowDrop, _ count: Int) -> EventRecord {
    EventRecord(
      .shadowDropped, .info,
      "\(count == 1 ? "1 copy" : "\(count) copies") for \(candidate) not sent: \(reason.rawValue)",
      [.candidate: .string(candidate), .dropReason: .string(reason.rawValue), .count: .integer(count)])
  }

  static func modelUnmapped(_ candidate: String, _ model: String) -> EventRecord {
    EventRecord(
      .modelUnmapped, .warning,
      "no line of \(candidate)'s models matches '\(model)': its requests stay on the baseline",
      [.candidate: .string(candidate), .model: .string(model)])
  }

  static func budgetSpent(
    _ candidate: String?, _ spent: Double, _ budget: Double, _ estimated: Double, _ resumesAt: Instant
  ) -> EventRecord {
    EventRecord(
      .budgetSpent, .warning,
      "shadowing stops until \(resumesAt.rfc3339): \(dollars(spent)) of \(dollars(budget)) spent",
      [
        .candidate: candidate.map(JSONValue.string), .spent: .number(spent), .budget: .number(budget),
        .estimated: estimated > 0 ? .number(estimated) : nil, .resumesAt: .string(resumesAt.rfc3339),
      ])
  }

  static func armBudgetSpent(
    _ candidate: String, _ tag: String?, _ spent: Double, _ budget: Double, _ estimated: Double, _ resumesAt: Instant
  ) -> EventRecord {
    let whose = tag.map { "\(candidate) for \($0)" } ?? candidate
    return EventRecord(
      .budgetSpent, .warning,
      "the baseline answers instead of \(whose) until \(resumesAt.rfc3339): \(dollars(spent)) of \(dollars(budget)) spent",
      [
        .candidate: .string(candidate), .tag: tag.map(JSONValue.string), .spent: .number(spent),
        .budget: .number(budget), .estimated: estimated > 0 ? .number(estimated) : nil,
        .resumesAt: .string(resumesAt.rfc3339),
      ])
  }

  private static func said(_ estimated: Double) -> String {
    estimated > 0 ? ", \(dollars(estimated)) of it an upper estimate where the cost is unknown" : ""
  }

  static func upstreamDown(
    _ arm: String, _ host: String, _ port: Int, _ cause: UpstreamCause, _ failures: Int
  ) -> EventRecord {
    EventRecord(
      .upstreamDown, .warning,
      "\(arm) at \(host):\(port) cannot be reached: \(cause.rawValue), \(failures) in a row",
      [
        .arm: .string(arm), .host: .string(host), .port: .integer(port), .cause: .string(cause.rawValue),
        .failures: .integer(failures),
      ])
  }

  static func upstreamUp(_ arm: String, _ host: String, _ port: Int, _ downFor: Duration) -> EventRecord {
    EventRecord(
      .upstreamUp, .info, "\(arm) at \(host):\(port) can be reached again after \(seconds(downFor)) s",
      [.arm: .string(arm), .host: .string(host), .port: .integer(port), .downFor: .milliseconds(downFor)])
  }

  static func limitReached(_ name: String, _ allowed: Int, _ count: Int) -> EventRecord {
    EventRecord(
      .limitReached, .warning, "\(name) reached its limit of \(allowed), \(count == 1 ? "once" : "\(count) times")",
      [.limitName: .string(name), .allowed: .integer(allowed), .count: .integer(count)])
  }
}

extension EventRecord {
  static func limitsFitted(_ limits: FittedLimits) -> EventRecord {
    func words(_ share: FittedLimits.Share, _ what: String) -> String {
      share.allowed < share.asked ? "\(share.allowed) \(what) (\(share.asked) asked)" : "\(share.allowed) \(what)"
    }
    // Enough for one application, however many were asked for.
    let isPlenty = limits.clients.allowed >= min(1000, limits.clients.asked)
    return EventRecord(
      .limitsFitted, isPlenty ? .info : .warning,
      "\(limits.descriptors) descriptors, \(limits.reserve) of them in reserve: at most "
        + words(limits.clients, "client connections") + ", " + words(limits.upstreams, "to arms") + ", "
        + words(limits.copies, "for copies"),
      [
        .descriptors: .integer(limits.descriptors), .reserve: .integer(limits.reserve),
        .clients: .integer(limits.clients.allowed), .clientsAsked: .integer(limits.clients.asked),
        .upstreams: .integer(limits.upstreams.allowed), .upstreamsAsked: .integer(limits.upstreams.asked),
        .copies: .integer(limits.copies.allowed), .copiesAsked: .integer(limits.copies.asked),
      ])
  }
}

/// `$12.34`, and below a dollar `$0.0042`: to a millionth.
private func dollars(_ value: Double) -> String {
  guard value.isFinite, value >= 0, value < 1e12 else { return "$\(value)" }
  let isSmall = value < 1
  let unit = isSmall ? 1_000_000 : 100
  let parts = Int((value * Double(unit)).rounded())
  var fraction = String(String(unit + parts % unit).dropFirst())
  while fraction.count > 2, fraction.hasSuffix("0") { fraction.removeLast() }
  return "$\(parts / unit).\(fraction)"
}

/// Seconds with one decimal.
func seconds(_ duration: Duration) -> Double { (duration / .seconds(1) * 10).rounded() / 10 }
