/// The answers that several clients may share, under way and kept: the table that decides, and the flights that have them.

import Guards

/// One per loop; another playbook with the same guards goes on with it.
final class SharedAnswers {
  private(set) var table: JoinTable
  private var flights: [JoinTable.Ticket: Flight] = [:]

  init(_ policy: GuardPolicy) {
    table = JoinTable(
      bounds: policy.idempotency?.bounds ?? JoinBounds(), keyWindow: policy.idempotency?.window ?? .zero,
      bodyWindow: policy.duplicates?.window ?? .zero)
  }

  func requestCame(_ request: JoinRequest, at now: Int64) -> JoinTable.Verdict {
    defer { dropGone() }
    return table.requestCame(request, at: now)
  }

  func add(_ flight: Flight, for ticket: JoinTable.Ticket) { flights[ticket] = flight }

  func flight(_ ticket: JoinTable.Ticket) -> Flight? { flights[ticket] }

  func joinerLeft(_ ticket: JoinTable.Ticket) { table.joinerLeft(ticket) }

  func outgrew(_ ticket: JoinTable.Ticket) { table.outgrew(ticket) }

  func ended(_ ticket: JoinTable.Ticket, isWhole: Bool, bytes: Int, at now: Int64) {
    let isKept = table.ended(ticket, isWhole: isWhole, bytes: bytes, at: now)
    dropGone()
    if !isKept { flights[ticket] = nil }
  }

  func forget(at now: Int64) {
    table.forget(at: now)
    dropGone()
  }

  private func dropGone() {
    for ticket in table.takeGone() { flights[ticket] = nil }
  }
}
