/// A line of a screen: text in a few styles, drawn in colour or without, cut where the terminal ends.

import RolloutJudge

enum Style: String {
  case plain = ""
  case bold = "1"
  case dim = "2"
  case good = "32"
  case caution = "33"
  case bad = "31"
  case accent = "36"
}

struct StyledLine: Equatable {
  private(set) var spans: [Span] = []

  struct Span: Equatable {
    var text: String
    var style: Style
  }

  init(_ text: String = "", _ style: Style = .plain) { append(text, style) }

  mutating func append(_ text: String, _ style: Style = .plain) {
    if !text.isEmpty { spans.append(Span(text: text.plainText, style: style)) }
  }

  static func + (first: StyledLine, second: StyledLine) -> StyledLine {
    var line = first
    line.spans += second.spans
    return line
  }

  /// In characters.
  var width: Int { spans.reduce(0) { $0 + $1.text.count } }

  /// - Parameter columns: what is beyond them is cut off; nil cuts nothing.
  func text(inColour: Bool, columns: Int? = nil) -> String {
    var room = columns ?? .max
    var text = ""
    for span in spans where room > 0 {
      let piece = span.text.prefix(room)
      room -= piece.count
      text += inColour && span.style != .plain ? "\u{1b}[\(span.style.rawValue)m\(piece)\u{1b}[0m" : String(piece)
    }
    return text
  }
}

extension String {
  /// Cut at spaces into lines of at most so many characters; a longer word keeps a line of its own.
  func wrapped(_ width: Int) -> [String] {
    var lines: [String] = []
    for word in split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}

/// The marks of a screen; plain ASCII where the terminal cannot show more.
struct Glyphs: Equatable {
  var full: Character
  var empty: Character
  var done: String
  var now: String
  var ahead: String
  var failed: String
  var dot: String
  var times: String

  static let unicode = Glyphs(
    full: "█", empty: "░", done: "✓", now: "▶", ahead: "·", failed: "✗", dot: "·", times: "×")
  static let ascii = Glyphs(full: "#", empty: ".", done: "+", now: ">", ahead: "-", failed: "x", dot: "-", times: "x")

  /// - Parameter share: 0…1.
  func bar(_ share: Double, width: Int) -> String {
    let filled = share.isFinite ? Int((min(max(share, 0), 1) * Double(width)).rounded()) : 0
    return String(repeating: full, count: filled) + String(repeating: empty, count: width - filled)
  }
}
