/// The starts of one test and the budget that pays for them: what begins, what is dropped, what they say together.

/// One beginning of a test, judged by itself.
protocol TestStart: Sendable {
  /// 1, 2, 3… in the order of starting, dropped ones counted.
  var number: Int { get }
  /// The factor of its value.
  var weight: Double { get }
}

struct Starts<Start: TestStart>: Sendable {
  private(set) var budget: StartBudget
  /// Oldest first.
  private var all: [Start]

  init(entries: Int) { self.init([], StartBudget(entries: entries)) }

  init(_ all: [Start], _ budget: StartBudget) { (self.all, self.budget) = (all, budget) }

  /// A start begins, where there is still weight for it; the one with the least to say goes where there are too many.
  ///
  /// - Parameters:
  ///   - isEntry: A stage has been entered.
  ///   - value: The weighted value of a start.
  mutating func begin(
    isEntry: Bool, value: (Start) -> Double, _ make: (_ number: Int, _ weight: Double) -> Start
  ) {
    guard let place = isEntry ? budget.entry() : budget.next() else { return }
    if all.count >= RestartWeights.maxStarts {
      all.remove(at: RestartWeights.leastUseful(of: all.count) { value(all[$0]) })
    }
    all.append(make(place.number, place.weight))
  }

  /// With 1 for every start that has not begun, whose weights then sum to 1: what leans, and what does not.
  ///
  /// - Parameter value: The weighted value of a start.
  func whole(_ value: (Start) -> Double) -> Double { all.reduce(1 - budget.spent) { $0 + value($1) } }
}

extension Starts: RandomAccessCollection, MutableCollection {
  var startIndex: Int { all.startIndex }
  var endIndex: Int { all.endIndex }

  subscript(index: Int) -> Start {
    get { all[index] }
    _modify { yield &all[index] }
  }
}
