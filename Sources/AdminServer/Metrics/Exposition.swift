/// Metric families as Prometheus reads them: the text exposition format 0.0.4.

enum Exposition {
  static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// Families of one name are put together and a repeated set of labels is left out: either would make Prometheus
  /// refuse the whole scrape.
  static func text(of families: [MetricFamily]) -> String {
    var text = ""
    for family in joined(families) where !family.samples.isEmpty {
      let name = safe(family.name)
      text += "# HELP \(name) \(escaped(family.help, quotes: false))\n# TYPE \(name) \(family.kind.rawValue)\n"
      var seen: Set<[MetricFamily.Label]> = []
      for sample in family.samples
      where seen.insert(sample.labels + [MetricFamily.Label(name: "", value: sample.suffix)]).inserted {
        text += name + sample.suffix + labels(of: sample) + " " + number(sample.value) + "\n"
      }
    }
    return text
  }

  private static func joined(_ families: [MetricFamily]) -> [MetricFamily] {
    var result: [MetricFamily] = []
    var places: [String: Int] = [:]
    for family in families {
      if let place = places[family.name] {
        result[place].samples += family.samples
      } else {
        places[family.name] = result.count
        result.append(family)
      }
    }
    return result
  }

  private static func labels(of sample: MetricFamily.Sample) -> String {
    guard !sample.labels.isEmpty else { return "" }
    let pairs = sample.labels.map { "\(safe($0.name))=\"\(escaped($0.value, quotes: true))\"" }
    return "{" + pairs.joined(separator: ",") + "}"
  }

  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    guard let integer = Int64(exactly: value), abs(integer) < 1 << 53 else { return value.description }
    return String(integer)
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// `[a-zA-Z_][a-zA-Z0-9_]*`
  private static func safe(_ name: String) -> String {
    var result = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "_": result.unicodeScalars.append(scalar)
      case "0"..."9" where !result.isEmpty: result.unicodeScalars.append(scalar)
      default: result += "_"
      }
    }
    return result
  }
}
