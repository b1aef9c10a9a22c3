/// What the page is built of: tables, figures with their legends, chips.

extension Markup {
  /// - Parameter style: of the table, such as `dense`.
  static func table(_ table: TextTable, style: String? = nil) -> Markup {
    func cell(_ name: StaticString, _ column: Int, _ children: [Markup]) -> Markup {
      .element(name, ["class": table.words.contains(column) ? "words" : nil], children)
    }
    let head = table.columns.enumerated().map { cell("th", $0, [.text($1)]) }
    let rows = table.rows.map { row in
      Markup.element("tr", [:], row.enumerated().map { cell("td", $0, [.text($1)]) })
    }
    return .element(
      "div", ["class": "scroll"],
      [
        .element(
          "table", ["class": style],
          [.element("thead", [:], [.element("tr", [:], head)]), .element("tbody", [:], rows)])
      ])
  }

  /// One row of a sheet: what it is, its values with a note under each, and what to know of it.
  struct SheetRow {
    var label: [Markup]
    var cells: [(value: String, note: String?)]
    var explanation: String?
  }

  static func sheet(_ columns: [String], _ rows: [SheetRow]) -> Markup {
    let head = columns.enumerated().map { Markup.element("th", ["class": $0 == 0 ? "words" : nil], $1) }
    let body = rows.flatMap { row -> [Markup] in
      let cells = row.cells.map { cell in
        Markup.element(
          "td", [:],
          [.text(cell.value)] + (cell.note.flatMap { $0.isEmpty ? nil : [.element("small", [:], $0)] } ?? []))
      }
      let line = [.element("td", ["class": "words"], row.label)] + cells
      guard let explanation = row.explanation else { return [.element("tr", [:], line)] }
      let whole = Markup.element("td", ["class": "words quiet", "colspan": String(columns.count)], explanation)
      return [.element("tr", ["class": "explained"], line), .element("tr", [:], [whole])]
    }
    return .element(
      "div", ["class": "scroll"],
      [
        .element(
          "table", ["class": "sheet"],
          [.element("thead", [:], [.element("tr", [:], head)]), .element("tbody", [:], body)])
      ])
  }

  static func figure(
    _ title: String, _ legend: [(style: String, text: String)], _ caption: String, _ drawing: (PlotSize) -> Markup
  ) -> Markup {
    let entries = legend.map { entry in
      Markup.element("li", [:], [.element("span", ["class": "swatch \(entry.style)"]), .text(entry.text)])
    }
    return .element(
      "figure", [:],
      [.element("h3", [:], title), .element("ul", ["class": "legend"], entries)] + PlotSize.both.map(drawing)
        + [.element("figcaption", [:], caption)])
  }

  static func chip(_ text: String, _ tone: String = "") -> Markup { .element("span", ["class": "chip \(tone)"], text) }
}
