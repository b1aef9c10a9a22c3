/// Which slip of the pen is taken for which word.

import Testing

@testable import PlaybookYAML

@Suite struct NearestWordTests {
  @Test(
    "edits are counted, a swap of neighbours as one",
    arguments: [
      ("weight", "weight", 0), ("weigth", "weight", 1), ("wight", "weight", 1), ("weights", "weight", 1),
      ("waight", "weight", 1),
      ("", "abc", 3), ("abc", "", 3), ("ca", "abc", 3), ("kitten", "sitting", 3),
    ]) func distance(left: String, right: String, edits: Int)
  {
    #expect(editDistance(left, right) == edits)
    #expect(editDistance(right, left) == edits)
  }

  @Test("the nearest word wins, and a far one is no suggestion") func nearest() {
    let words = ["name", "weight", "shadow", "hold", "holdback"]
    #expect(nearestWord(to: "weigth", among: words) == "weight")
    #expect(nearestWord(to: "HOLD", among: words) == "hold")
    #expect(nearestWord(to: "holdbak", among: words) == "holdback")
    #expect(nearestWord(to: "frobnicate", among: words) == nil)
    #expect(nearestWord(to: "", among: words) == nil)
    #expect(nearestWord(to: "x", among: words) == nil)
  }

  @Test("every key of the format is found again after one slip") func everyKey() {
    for (path, shape) in PlaybookKeys.everywhere {
      let names = shape.keys.map(\.name)
      for name in names where name.count >= 4 {
        let slip = String(name.dropLast(2)) + String(name.suffix(2).reversed())
        let near = nearestWord(to: slip, among: names)
        #expect(near == name || slip == name || editDistance(slip, near ?? "") <= 1, "\(path): \(slip)")
      }
    }
  }

  @Test("lists are written with their last word joined") func lists() {
    #expect(orList([]) == "")
    #expect(orList(["a"]) == "a")
    #expect(orList(["a", "b"]) == "a or b")
    #expect(andList(["a", "b", "c"]) == "a, b and c")
  }
}
