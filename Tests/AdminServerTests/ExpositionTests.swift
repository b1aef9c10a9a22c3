import HTTPTypes
import RolloutJudge
import Synchronization
import Testing

@testable import AdminServer

@Suite("Exposition")
struct ExpositionTests {
  @Test("Label values and help texts are escaped, names made safe, numbers written as Prometheus reads them")
  func escaping() {
    let family = MetricFamily(
      name: "crossfade_odd-name", help: "back\\slash \"quoted\"\nsecond line", kind: .gauge,
      samples: [
        .init(["a b": "x\"y\\z\nw", "1st": "é"], 17), .init(["v": "1"], 0.05), .init(["v": "2"], .infinity),
        .init(["v": "3"], -.infinity), .init(["v": "4"], .nan), .init([:], 1e300),
      ])
    #expect(
      Exposition.text(of: [family]) == #"""
        # HELP crossfade_odd_name back\\slash "quoted"\nsecond line
        # TYPE crossfade_odd_name gauge
        crossfade_odd_name{a_b="x\"y\\z\nw",_st="é"} 17
        crossfade_odd_name{v="1"} 0.05
        crossfade_odd_name{v="2"} +Inf
        crossfade_odd_name{v="3"} -Inf
        crossfade_odd_name{v="4"} NaN
        crossfade_odd_name 1e+300

        """#)
  }

  @Test("Families of one name are joined, repeated labels and empty families left out")
  func joining() {
    func family(_ name: String, _ samples: [MetricFamily.Sample]) -> MetricFamily {
      MetricFamily(name: name, help: "h", kind: .counter, samples: samples)
    }
    let text = Exposition.text(of: [
      family("a", [.init(["x": "1"], 1)]), family("b", []), family("c", [.init([:], 2)]),
      family("a", [.init(["x": "2"], 3), .init(["x": "1"], 9)]),
    ])
    #expect(
      text == """
        # HELP a h
        # TYPE a counter
        a{x="1"} 1
        a{x="2"} 3
        # HELP c h
        # TYPE c counter
        c 2

        """)
  }

  @Test("An arm's jobs have families of their own, which there are none of without any")
  func jobs() {
    var account = JobAccount()
    var job = JobFigures()
    (job.fate, job.polls, job.timeToResult) = (.succeeded, 3, 2_500_000_000)
    account.settled(job)
    var status = Samples.status
    #expect(status.jobFamilies.isEmpty)
    let arm = status.arms.keys.sorted()[0]
    status.arms[arm]?.live.jobs = RolloutStatus.Jobs(account)
    let text = Exposition.text(of: status.jobFamilies)
    #expect(text.contains(#"crossfade_jobs_ended_total{arm="\#(arm)",population="live",fate="succeeded"} 1"#))
    #expect(text.contains(#"crossfade_job_polls_total{arm="\#(arm)",population="live"} 3"#))
    #expect(text.contains(#"crossfade_job_result_seconds{arm="\#(arm)",population="live",quantile="0.5"} 2.5"#))
    #expect(status.jobFamilies.allSatisfy { ($0.kind == .counter) == $0.name.hasSuffix("_total") })
  }

  @Test("The rollout's families are those that dashboards and alerts are written against")
  func names() {
    #expect(
      Samples.status.metricFamilies.map(\.name) == [
        "crossfade_stage_info", "crossfade_stage_index", "crossfade_stages", "crossfade_stage_since_timestamp_seconds",
        "crossfade_weight", "crossfade_last_decision_seq", "crossfade_evidence", "crossfade_threshold",
        "crossfade_breached", "crossfade_requests_total", "crossfade_error_rate", "crossfade_cost_dollars_total",
        "crossfade_assets_total",
      ])
    #expect(Samples.status.metricFamilies.allSatisfy { ($0.kind == .counter) == $0.name.hasSuffix("_total") })
  }

  @Test("The endpoint shows the rollout's figures, the proxy's counters and the log's own")
  func endpoint() async throws {
    let caller = try Caller()
    let own = MetricFamily(
      name: "crossfade_open_connections", help: "Now.", kind: .gauge, samples: [.init(["side": "client"], 3)])
    caller.control.state.withLock { $0.families = [own] }
    let received = try await caller.send(.get, "/metrics")
    #expect(received["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
    let lines = Set(received.body.split(separator: "\n").map(String.init))
    #expect(
      lines.isSuperset(of: [
        #"crossfade_stage_info{rollout="openrouter-to-litellm",stage="canary-5",state="running"} 1"#,
        #"crossfade_weight{candidate="litellm"} 0.05"#,
        #"crossfade_evidence{candidate="evolink",metric="error_rate",action="rollback"} +Inf"#,
        #"crossfade_threshold{candidate="litellm",metric="error_rate",action="rollback"} 100"#,
        #"crossfade_requests_total{arm="litellm",population="shadow",outcome="failed"} 41"#,
        #"crossfade_cost_dollars_total{arm="evolink",population="live"} 12.5"#,
        #"crossfade_open_connections{side="client"} 3"#,
        "crossfade_log_lines_lost_total 0",
      ]))
  }

  @Test("Every line of the endpoint is a comment or a sample of a family that was announced")
  func grammar() async throws {
    let body = try await Caller().send(.get, "/metrics").body
    let sample = #/([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? (\+Inf|-Inf|NaN|-?[0-9.e+-]+)/#
    var announced: Set<Substring> = []
    #expect(body.hasSuffix("\n"))
    for line in body.split(separator: "\n") {
      if let type = line.wholeMatch(of: #/# TYPE ([a-z_]+) (counter|gauge|histogram|summary)/#) {
        #expect(announced.insert(type.output.1).inserted)
      } else if !line.hasPrefix("# HELP ") {
        let match = try #require(line.wholeMatch(of: sample), "\(line)")
        #expect(announced.contains(match.output.1))
      }
    }
    #expect(announced.isSuperset(of: ["crossfade_requests_total", "process_cpu_seconds_total", "process_open_fds"]))
  }
}
