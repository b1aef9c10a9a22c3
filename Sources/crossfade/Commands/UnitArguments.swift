/// Units on the command line, written as in playbooks: `250ms 30s 5m`, `5%`, `200req`.

import ArgumentParser
import GatewayEmulation

/// `5%` as 0.05; at most 100%.
func asShare(_ text: String) throws -> Double {
  guard text.last == "%", let percent = decimal(text.dropLast()) else {
    throw ValidationError("'\(text)' is not a share: say 5% or 0.5%")
  }
  guard percent <= 100 else { throw ValidationError("a share cannot be more than 100%") }
  return percent / 100
}

/// `250ms`, `30s`, `5m`, `1.5h`; at most a day.
func asDuration(_ text: String) throws -> Duration {
  let units: [(String, Double)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)]
  for (unit, milliseconds) in units where text.hasSuffix(unit) {
    guard let number = decimal(text.dropLast(unit.count)) else { continue }
    guard number * milliseconds <= 86_400_000 else { throw ValidationError("'\(text)' is longer than a day") }
    return .milliseconds((number * milliseconds).rounded())
  }
  throw ValidationError("'\(text)' is not a duration: say 250ms, 30s, 5m or 1h")
}

/// `30s` from the start, or `200req`.
func asMoment(_ text: String) throws -> BehaviorChange.Trigger {
  if text.hasSuffix("req") {
    guard let count = Int(text.dropLast(3)), (1...1_000_000_000).contains(count) else {
      throw ValidationError("'\(text)' is not a number of requests: say 200req")
    }
    return .requests(count)
  }
  guard let time = try? asDuration(text) else { throw ValidationError("'\(text)' is no moment: say 30s or 200req") }
  return .elapsed(time)
}

func asFault(_ text: String) throws -> Fault {
  do throws(Fault.Unreadable) {
    return try Fault(parsing: text)
  } catch {
    throw ValidationError(error.description)
  }
}

/// One of a type's words, or a message with all of them.
func asWord<Word: RawRepresentable<String> & CaseIterable>(_ text: String) throws -> Word {
  if let word = Word(rawValue: text) { return word }
  throw ValidationError("'\(text)' is not one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
}

/// Digits with at most one point; no sign, no exponent.
private func decimal(_ text: Substring) -> Double? {
  guard !text.isEmpty, text.count <= 18, text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) else {
    return nil
  }
  return Double(text)
}
