/// Answers by the number of their exchange, in the order in which they were given.
///
/// Written one behind the other and found by an index that is made when the first is asked for: most processes are told
/// of no outcome and rescue nobody, and a place in a table of this size is a place in cold memory for each exchange.

import MigrationReport

struct ExchangeGeneration {
  private var numbers: [UInt64] = []
  /// Nil once forgotten.
  private var answers: [AnsweredExchange?] = []
  /// By number, those that are indexed so far.
  private var places: [UInt64: Int] = [:]
  private var indexed = 0

  var count: Int { numbers.count }

  /// Of an exchange that has no answer here yet.
  mutating func remember(_ answer: AnsweredExchange, of exchange: UInt64) {
    numbers.append(exchange)
    answers.append(answer)
  }

  /// - Returns: the answer whose place it takes; nil where there is none.
  mutating func update(_ answer: AnsweredExchange, of exchange: UInt64) -> AnsweredExchange? {
    guard let place = place(of: exchange) else {
      remember(answer, of: exchange)
      return nil
    }
    defer { answers[place] = answer }
    return answers[place]
  }

  mutating func answer(of exchange: UInt64) -> AnsweredExchange? { place(of: exchange).flatMap { answers[$0] } }

  mutating func forget(_ exchange: UInt64) {
    if let place = place(of: exchange) { answers[place] = nil }
  }

  mutating func forgetAll() {
    numbers.removeAll(keepingCapacity: true)
    answers.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    indexed = 0
  }

  private mutating func place(of exchange: UInt64) -> Int? {
    for place in indexed..<numbers.count { places[numbers[place]] = place }
    indexed = numbers.count
    return places[exchange]
  }
}
