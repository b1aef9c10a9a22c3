/// A histogram adds up as Prometheus expects: each bucket holds all that is below its bound.

import Testing

@testable import AdminServer

@Suite struct SecondsHistogramTests {
  @Test("buckets are cumulative, end with +Inf, and agree with the count") func cumulative() {
    var histogram = SecondsHistogram()
    for seconds in [0.01, 0.025, 0.3, 700] { histogram.record(nanoseconds: Int64(seconds * 1e9)) }
    let samples = histogram.samples(["arm": "a"])
    let buckets = samples.filter { $0.suffix == "_bucket" }
    #expect(buckets.map(\.value) == buckets.map(\.value).sorted())
    func below(_ bound: String) -> Double? { buckets.first { $0.labels.last?.value == bound }?.value }
    #expect(below("0.025") == 2, "a bound is part of its bucket")
    #expect(below("0.5") == 3)
    #expect(below("600") == 3)
    #expect(below("+Inf") == 4)
    #expect(samples.first { $0.suffix == "_count" }?.value == 4)
    #expect(samples.first { $0.suffix == "_sum" }?.value == 700.335)
  }

  @Test("a family of histograms is announced once and keeps all of its lines") func text() {
    var histogram = SecondsHistogram()
    histogram.record(nanoseconds: 1)
    let family = MetricFamily(
      name: "t_seconds", help: "h", kind: .histogram,
      samples: histogram.samples(["arm": "a"]) + histogram.samples(["arm": "b"]))
    let lines = Exposition.text(of: [family]).split(separator: "\n")
    #expect(lines.count == 2 + 2 * (SecondsHistogram.bounds.count + 3))
    #expect(lines.contains(#"t_seconds_bucket{arm="a",le="+Inf"} 1"#))
    #expect(lines.contains(#"t_seconds_count{arm="b"} 1"#))
  }

  @Test("what the system says of a process is read by its place, whatever the program is called") func stat() {
    let fields = (3...30).map { $0 == 3 ? "S" : "\($0)" }.joined(separator: " ")
    let stat = ProcessStat("7 (odd) name) \(fields)")
    #expect(stat?.ticks == 29)
    #expect(stat?.threads == 20)
    #expect(stat?.startTicks == 22)
    #expect(stat?.virtualBytes == 23)
    #expect(stat?.residentPages == 24)
    #expect(ProcessStat("7 (x) S 1") == nil)
    #expect(ProcessStat("") == nil)
  }
}
