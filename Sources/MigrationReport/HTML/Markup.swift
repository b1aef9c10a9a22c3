/// Pieces of HTML and SVG that can only be put together escaped: names, models and messages are others' words.

struct Markup: Sendable {
  let html: String

  private init(html: String) { self.html = html }

  static func text(_ text: String) -> Markup { Markup(html: escaped(text)) }

  /// - Parameters:
  ///   - name: of the element, ours.
  ///   - attributes: names ours, values anybody's; nil values are left out.
  static func element(
    _ name: StaticString, _ attributes: KeyValuePairs<String, String?> = [:], _ children: [Markup] = []
  ) -> Markup {
    var html = "<\(name)"
    for (key, value) in attributes {
      if let value { html += " \(key)=\"\(escaped(value))\"" }
    }
    html += ">"
    let isVoid = ["meta", "br", "col"].contains("\(name)")
    return Markup(html: isVoid ? html : html + children.map(\.html).joined() + "</\(name)>")
  }

  static func element(
    _ name: StaticString, _ attributes: KeyValuePairs<String, String?> = [:], _ text: String
  ) -> Markup { element(name, attributes, [.text(text)]) }

  /// A style sheet of ours: it holds nobody else's words.
  static func style(_ sheet: StaticString) -> Markup { Markup(html: "<style>\n\(sheet)\n</style>") }

  static func lines(_ parts: [Markup]) -> Markup { Markup(html: parts.map(\.html).joined(separator: "\n")) }

  static func escaped(_ text: String) -> String {
    var safe = ""
    safe.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": safe += "&amp;"
      case "<": safe += "&lt;"
      case ">": safe += "&gt;"
      case "\"": safe += "&quot;"
      case "'": safe += "&#39;"
      case "\n", "\t": safe.unicodeScalars.append(scalar)
      // Control characters are not allowed in HTML, and marks that turn the direction would let a name disguise itself.
      case _ where scalar.value < 32 || (0x7F...0x9F).contains(scalar.value): safe += "\u{FFFD}"
      case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": safe += "\u{FFFD}"
      default: safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }
}
