@testable import MigrationReport
import Testing

@Suite struct TextTests {
  @Test(
    "figures are as long as they need be",
    arguments: [
      (FigureFormat.text(nil, .dollars), "–"), (FigureFormat.text(0.0021641, .dollars), "$0.00216"),
      (FigureFormat.text(12.3456, .dollars), "$12.35"), (FigureFormat.text(0.5, .dollars), "$0.50"),
      (FigureFormat.text(-0.4, .dollars), "−$0.40"), (FigureFormat.text(12_345, .dollars), "$12,345"),
      (FigureFormat.text(0, .dollars), "$0.00"), (FigureFormat.text(0.0123, .share), "1.2%"),
      (FigureFormat.text(0.0004, .share), "0.04%"), (FigureFormat.text(0, .share), "0.0%"),
      (FigureFormat.text(118.4, .milliseconds), "118 ms"), (FigureFormat.text(1240, .milliseconds), "1.24 s"),
      (FigureFormat.text(1_234_567, .count), "1,234,567"), (FigureFormat.text(4.5, .days), "4.5"),
      (FigureFormat.text(.infinity, .share), "–"), (FigureFormat.weight(0.05), "5%"),
      (FigureFormat.weight(0.005), "0.5%"),
    ])
  func figures(found: String, expected: String) { #expect(found == expected) }

  @Test("a cell of a Markdown table cannot end its row")
  func markdown() {
    let table = TextTable(columns: ["a|b"], rows: [["x | y\nz"]])
    #expect(RolloutReport.markdown(table) == "| a\\|b |\n| --- |\n| x \\| y z |")
  }

  @Test(
    "CSV is quoted where it must be, and never a formula",
    arguments: [
      ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("two\nlines", "\"two\nlines\""),
      ("=SUM(A1)", "'=SUM(A1)"), ("+1", "'+1"), ("@x", "'@x"), ("-0.5", "-0.5"), ("-x", "'-x"),
    ])
  func csv(text: String, field: String) { #expect(RolloutReport.field(text) == field) }

  @Test("ticks are round and reach beyond the greatest value")
  func ticks() {
    #expect(PlotFrame.ticks(to: 0.034, about: 3) == [0, 0.02, 0.04])
    #expect(PlotFrame.ticks(to: 1, about: 4).last == 1)
    #expect(PlotFrame.logarithmicTicks(80...3000, most: 10) == [100, 200, 500, 1000, 2000])
    #expect(PlotFrame.logarithmicTicks(1...1_000_000, most: 8).count == 7)
  }
}
