/// The units a playbook is written in.

import Testing

@testable import PlaybookYAML

@Suite struct UnitsTests {
  @Test(
    "shares become the nearest fraction",
    arguments: [
      ("5%", 0.05), ("0.5%", 0.005), ("99.9%", 0.999), ("100%", 1), ("0%", 0), ("33.3333%", 0.333333),
    ]) func shares(text: String, share: Double)
  {
    #expect(readShare(text) == .value(share))
  }

  @Test(
    "what is not a share is refused",
    arguments: [
      "5", "0.05", "", "%", "5 %", "5%%", "-1%", "100.1%", "1e1%", ".5%", "5.%", "five%", "1.2.3%", "٥%", "infinity%",
    ]) func noShares(text: String)
  {
    #expect(readShare(text).value == nil)
  }

  @Test("a bare share is told how to write it") func bareShares() {
    #expect(readShare("5") == .refused("a share needs its %", say: "say 5%"))
    #expect(readShare("0.05") == .refused("a share needs its %", say: "say 5% or 0.05%"))
  }

  @Test(
    "durations are exact to the millisecond",
    arguments: [
      ("250ms", Duration.milliseconds(250)), ("30s", .seconds(30)), ("5m", .seconds(300)), ("24h", .seconds(86400)),
      ("2d", .seconds(172800)), ("1.5h", .seconds(5400)), ("0.001s", .milliseconds(1)), ("0s", .zero),
      ("366d", .seconds(366 * 86400)),
    ]) func durations(text: String, duration: Duration)
  {
    #expect(readDuration(text) == .value(duration))
  }

  @Test(
    "what is not a duration is refused",
    arguments: [
      "30", "5min", "1w", "-1s", "367d", "s", "", "1h30m", "999999999999999999d", "1 h", "Infinityh",
    ]) func noDurations(text: String)
  {
    #expect(readDuration(text).value == nil)
  }

  @Test("money has its sign, a budget its day") func money() {
    #expect(readDollars("$0.01") == .value(0.01))
    #expect(readDollars("0.01") == .refused("money needs its $", say: "say $0.01"))
    #expect(readDollars("$-1").value == nil)
    #expect(readDollars("5 USD").value == nil)
    #expect(readDailyBudget("$25/day") == .value(25))
    #expect(readDailyBudget("$25") == .refused("a budget is money per day", say: "say $25/day"))
    #expect(readDailyBudget("$0/day").value == nil)
    #expect(readDailyBudget("25/day").value == nil)
    #expect(readDailyBudget("$25/month").value == nil)
  }

  @Test("sizes are binary or decimal, from 1KiB to 1GiB") func sizes() {
    #expect(readSize("32MiB") == .value(33_554_432))
    #expect(readSize("1KiB") == .value(1024))
    #expect(readSize("1GiB") == .value(1 << 30))
    #expect(readSize("1.5MB") == .value(1_500_000))
    #expect(readSize("2KB") == .value(2000))
    #expect(readSize("1GB") == .value(1_000_000_000))
    for text in ["32", "0MiB", "1KB", "2GiB", "32mb", "-1MiB", "MiB"] {
      #expect(readSize(text).value == nil, "\(text)")
    }
  }

  @Test("numbers are bare, counts are whole, flags are true or false") func plain() {
    #expect(readNumber("1.25") == .value(1.25))
    for text in ["1.25x", "-1", "1e6", "nan", "2000000"] { #expect(readNumber(text).value == nil, "\(text)") }
    #expect(readCount("500") == .value(500))
    for text in ["-5", "1.5", "", "5x", "1000000001", "99999999999999999999"] {
      #expect(readCount(text).value == nil, "\(text)")
    }
    #expect(readFlag("true") == .value(true))
    #expect(readFlag("false") == .value(false))
    #expect(readFlag("yes") == .refused("not a flag", say: "say true"))
    #expect(readFlag("maybe") == .refused("not a flag", say: "say true or false"))
  }

  @Test("values are written as people write them") func wording() {
    #expect([0.05, 0.0005, 1, 1.0 / 3].map(percentText) == ["5%", "0.05%", "100%", "33.3333%"])
    #expect([25, 0.01, 0.000001].map(dollarsText) == ["$25", "$0.01", "$0.000001"])
    let seconds: [Int64] = [0, 30, 60, 90, 3600, 5400, 86400, 172800, 460800, 86399]
    #expect(
      seconds.map { durationText(.seconds($0)) } == [
        "0s", "30s", "1m", "1m 30s", "1h", "1h 30m", "24h", "2d", "5d 8h", "23h 59m 59s",
      ])
    #expect([250, 1500, 90_500].map { durationText(.milliseconds($0)) } == ["250ms", "1500ms", "90.5s"])
    #expect([33_554_432, 1 << 30, 1024, 1000].map(sizeText) == ["32MiB", "1GiB", "1KiB", "1000 bytes"])
  }
}
