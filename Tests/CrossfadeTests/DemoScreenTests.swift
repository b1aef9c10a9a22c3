import RolloutJudge
import Testing

@testable import crossfade

@Suite("DemoScreen")
struct DemoScreenTests {
  private func view(_ status: RolloutStatus, _ chapter: DemoStory.Chapter = .healthy) throws -> DemoView {
    let playbook = try DemoPlaybook.reading(stable: "http://[::1]:1/v1", challenger: "http://[::1]:2/v1", key: "k")
    let now = Samples.start + .seconds(28)
    var recent = RecentFigures()
    recent.add(
      ["stable": Samples.arm(Samples.figures(2987)), "challenger": Samples.arm(Samples.figures(104))],
      at: Samples.start + .seconds(26))
    recent.add(status.arms, at: now)
    return DemoView(
      playbook: playbook, pace: .full, chapter: chapter, status: status, now: now, elapsed: .milliseconds(28_200),
      clients: ClientView(requests: 3337, streams: 1666, rescued: 2), recent: recent,
      entries: [
        DemoEntry(at: .milliseconds(100), kind: "start", message: "started demo in stage baseline"),
        DemoEntry(at: .milliseconds(24_050), kind: "advance", message: "advanced from canary to ramp-25"),
      ], dashboard: "http://127.0.0.1:36911/")
  }

  private func text(_ screen: DemoScreen) -> String {
    screen.lines.map { $0.text(inColour: false) }.joined(separator: "\n")
  }

  @Test("A healthy ramp, in 80 columns")
  func golden() throws {
    let screen = DemoScreen(view: try view(Samples.status()))
    let expected = """
      crossfade demo                                                0:28 of about 0:34
      An application's traffic moves from stable to challenger, on this machine.
      Dashboard: http://127.0.0.1:36911/

        ✓ baseline  everything to stable
        ✓ shadow    100% copied to challenger
        ✓ canary    5% of the requests to challenger
        ▶ ramp-25   25% of the requests to challenger     ██████░░░░░░░░ 0:04 of 0:10
        · ramp-50   50% of the requests to challenger
        · full      95% of the requests to challenger

      arm               weight  requests  a second  errors  last 2 s       p95
      stable               75%     3,173        93       0      0.0%    157 ms
      challenger           25%       164        30       2      3.3%    141 ms
        its copies                 1,076                 3              136 ms

      condition                       evidence           now  needed
      error_rate > 5% and > 1.5×      ░░░░░░░░░░░░░░    0.03     200  not worse
      latency_p95 > 2 s and > 2×      ███████░░░░░░░      14     200

      clients   3,337 answers, 1,666 streamed; 2 rescued by stable; 0 errors seen

      0:00  started demo in stage baseline
      0:24  advanced from canary to ramp-25
      """
    #expect(trimmed(text(screen)) == expected)
    #expect(screen.lines.allSatisfy { $0.width <= 80 })
  }

  @Test("A rollback is shown where it happened, and a stage that waits says for what")
  func otherStates() throws {
    let breached = [Samples.condition(.errorRate, above: 0.05, ratio: 1.5, evidence: 741, .breached)]
    let rolledBack = DemoScreen(view: try view(Samples.status(.rolledBack, weight: 0, guards: breached), .rolledBack))
    #expect(text(rolledBack).contains("✗ ramp-25   rolled back: 0% to challenger"))
    #expect(text(rolledBack).contains("██████████████     741     200  breached"))
    var status = Samples.status(waitingFor: "no_traffic")
    status.since = Samples.start
    #expect(
      text(DemoScreen(view: try view(status))).contains(
        "▶ ramp-25   25% of the requests to challenger     waits: no traffic"))
  }

  @Test("It never has as many lines as the terminal", arguments: 12...40)
  func rows(rows: Int) throws {
    let screen = DemoScreen(view: try view(Samples.status()), rows: rows)
    #expect(screen.lines.count < rows)
    if rows >= 24 { #expect(text(screen).contains("advanced from canary")) }
  }

  @Test("A terminal without Unicode gets ASCII alone")
  func ascii() throws {
    let text = text(DemoScreen(view: try view(Samples.status()), glyphs: .ascii))
    #expect(text.allSatisfy { $0.isASCII })
    #expect(text.contains("> ramp-25"))
  }

  @Test("Where nothing can be redrawn, one line says the same")
  func brief() throws {
    #expect(
      DemoScreen(view: try view(Samples.status())).brief.text(inColour: false)
        == "0:28    ramp-25 0:04: stable 3,173 requests, 0 errors; challenger 164 requests, 2 errors; "
        + "clients saw 0 errors"
    )
  }

  private func trimmed(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return String(line)
    }.joined(separator: "\n")
  }
}

@Suite("RecentFigures")
struct RecentFiguresTests {
  @Test("Rates are those of the last two seconds, whatever was before")
  func window() throws {
    var recent = RecentFigures()
    #expect(recent.figures(of: "a") == nil)
    for (second, requests, errors) in [(0, 0, 0), (10, 900, 90), (11, 1000, 90), (12, 1100, 140)] {
      recent.add(["a": Samples.arm(Samples.figures(requests, errors: errors))], at: Samples.start + .seconds(second))
    }
    #expect(recent.figures(of: "a") == RecentFigures.Recent(rate: 100, errorRate: 0.25))
    #expect(recent.figures(of: "b") == nil)
  }

  @Test("An arm without requests has no error rate")
  func noRequests() {
    var recent = RecentFigures()
    for second in 0...1 { recent.add(["a": Samples.arm(Samples.figures(7))], at: Samples.start + .seconds(second)) }
    #expect(recent.figures(of: "a") == RecentFigures.Recent(rate: 0, errorRate: nil))
  }
}
