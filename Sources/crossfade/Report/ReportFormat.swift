/// The forms a report can be written in.

import ArgumentParser
import Foundation
import MigrationReport
import RolloutJudge

enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
  case md, html, json, csv

  func text(of report: RolloutReport) throws -> String {
    switch self {
    case .md: report.markdown
    case .html: report.html
    case .csv: report.csv
    case .json: String(decoding: Array(try JSONEncoder.report.encode(report)).plainJSON, as: UTF8.self) + "\n"
    }
  }
}

extension JSONEncoder {
  /// Keys in snake case and in order; shares are fractions, durations milliseconds, money USD.
  static var report: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return encoder
  }
}
