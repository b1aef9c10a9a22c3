/// A table of texts, whatever it is rendered as.

struct TextTable: Sendable {
  var columns: [String]
  var rows: [[String]]
  /// Columns of words; all others hold figures, which are set flush right.
  var words: Set<Int> = [0]

  /// Figures by row, one column for each of the lists, rows without any value left out.
  static func figures(_ lists: [(title: String, figures: FigureList)], title: String) -> TextTable {
    var order: [Figure] = []
    for list in lists {
      for figure in list.figures.figures where !order.contains(where: { $0.id == figure.id }) { order.append(figure) }
    }
    let rows = order.compactMap { figure -> [String]? in
      let values = lists.map { $0.figures[figure.id] }
      guard values.contains(where: { $0 != nil }) else { return nil }
      return [figure.label] + values.map { FigureFormat.text($0, figure.unit) }
    }
    return TextTable(columns: [title] + lists.map(\.title), rows: rows)
  }
}
