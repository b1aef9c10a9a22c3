import Dialects
@testable import MigrationReport
import RolloutJudge
import Testing

@Suite struct HTMLReportTests {
  let html = Sample.maker().report().html

  @Test("the page asks nobody for anything")
  func selfContained() throws {
    for word in [
      "http:", "https:", "//", "<script", "<link", "<img", "<iframe", "@import", "url(", "src=", "href=", "javascript:",
    ] {
      #expect(!html.contains(word), "\(word)")
    }
    #expect(html.contains("default-src &#39;none&#39;"))
  }

  @Test("every element that is opened is closed")
  func balanced() {
    var open: [Substring] = []
    for match in html.matches(of: #/<(/?)([a-z0-9]+)[^>]*>/#) {
      let name = match.output.2
      if ["meta", "br"].contains(name) { continue }
      if match.output.1.isEmpty { open.append(name) } else { #expect(open.popLast() == name) }
    }
    #expect(open.isEmpty)
  }

  @Test("every plot is drawn in both sizes and has words for those who cannot see it")
  func plots() {
    let drawings = html.matches(of: #/<svg [^>]*role="img" aria-label="([^"]+)"><title>([^<]+)<\/title>/#)
    #expect(drawings.count == 8)
    #expect(drawings.allSatisfy { $0.output.1 == $0.output.2 })
    #expect(!html.contains("nan") && !html.contains("inf\""))
  }

  @Test("no name, model, tag, message or reason becomes markup")
  func escaping() throws {
    let hostile = #"<img src=x onerror="alert(1)">&'"\#u{202E}"#
    var playbook = Sample.playbook(tags: [Tag(name: hostile, source: .header("x"))])
    playbook.baseline.name = hostile
    playbook.candidates[0].name = hostile + "2"
    playbook.candidates[0].vendor = hostile
    playbook.stages[0].name = hostile
    var accounts = Accounts()
    accounts.adopt(playbook)
    let labels = ExchangeLabels(
      endpoint: .messages, model: hostile, tags: [hostile], features: RequestFeatures(), isStream: false)
    for arm in 0..<2 { accounts.ended(Sample.end(arm, cost: 1, labels: labels)) }
    let decisions = Sample.decisions.map { decision in
      var decision = decision
      decision.message = hostile
      decision.reason = hostile
      decision.actor = hostile
      decision.stage = hostile
      return decision
    }
    let report = ReportMaker(
      rollout: hostile, playbook: playbook, decisions: decisions, accounts: accounts, figuresAt: nil, now: Sample.began
    ).report()
    #expect(!report.html.contains("<img"))
    #expect(!report.html.contains("onerror=\""))
    #expect(!report.html.contains("\u{202E}"))
    #expect(!report.markdown.contains("<img"))
    #expect(report.html.contains("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;"))
  }

  @Test("no secret is in any form of the report")
  func secrets() {
    let report = Sample.maker().report()
    for text in [report.html, report.markdown, report.csv] { #expect(!text.contains("very-secret")) }
  }

  @Test("a report of nothing is a page too")
  func empty() {
    let report = ReportMaker(
      rollout: "none", playbook: nil, decisions: [], accounts: Accounts(), figuresAt: nil, now: Sample.began
    ).report()
    #expect(report.html.contains("No answers were compared."))
    #expect(report.markdown.contains("None yet."))
    #expect(report.csv.hasPrefix("section,key,arm"))
  }
}
