/// The latest of many: where there is no more room, the oldest gives its place to the newest.

struct LatestRing<Element: Sendable>: Sendable {
  let limit: Int
  /// In no order; see `oldestFirst`.
  private(set) var elements: [Element] = []
  /// The place of the oldest, once it is full.
  private var next = 0

  init(limit: Int) { self.limit = limit }

  var isFull: Bool { elements.count >= limit }

  /// Nil where there is none.
  var oldest: Element? { elements.isEmpty ? nil : elements[next] }

  /// As whoever puts them in again, one by one, has to.
  var oldestFirst: [Element] { Array(elements[next...] + elements[..<next]) }

  mutating func append(_ element: Element) {
    guard isFull else { return elements.append(element) }
    elements[next] = element
    next = (next + 1) % limit
  }
}
