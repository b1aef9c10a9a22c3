/// Units on the command line, written as in playbooks: `250ms 30s 5m`, `5%`, `200req`.

import ArgumentParser
import GatewayEmulation
import PlaybookYAML

/// `5%` as 0.05; at most 100%.
func asShare(_ text: String) throws -> Double {
  switch readShare(text) {
  case .value(let share): return share
  case .refused(let message, _) where text.last == "%" && message != "not a share": throw ValidationError(message)
  case .refused: throw ValidationError("'\(text)' is not a share: say 5% or 0.5%")
  }
}

/// `250ms`, `30s`, `5m`, `1.5h`; at most a day.
func asDuration(_ text: String) throws -> Duration {
  guard let duration = readDuration(text).value else {
    throw ValidationError("'\(text)' is not a duration: say 250ms, 30s, 5m or 1h")
  }
  guard duration <= .seconds(86_400) else { throw ValidationError("'\(text)' is longer than a day") }
  return duration
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

/// `break-json:3%`; without a share, always.
func asMistake(_ text: String) throws -> MistakeShare {
  let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
  guard let mistake = Mistake(rawValue: parts[0]) else {
    let words = Mistake.allCases.map { "\($0.rawValue):SHARE" }.joined(separator: ", ")
    throw ValidationError("“\(text)” is no mistake; one of: \(words)")
  }
  return MistakeShare(mistake, share: parts.count > 1 ? try asShare(parts[1]) : 1)
}

/// A value, or the word `list`, which asks what there is.
enum Listed<Value: Equatable & Sendable>: Equatable, Sendable {
  case list
  case one(Value)

  var value: Value? {
    if case .one(let value) = self { value } else { nil }
  }
}

func asListed<Value>(_ text: String, as read: (String) throws -> Value) throws -> Listed<Value> {
  text == "list" ? .list : .one(try read(text))
}

/// One of a type's words, or a message with all of them.
func asWord<Word: RawRepresentable<String> & CaseIterable>(_ text: String) throws -> Word {
  if let word = Word(rawValue: text) { return word }
  throw ValidationError("'\(text)' is not one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
}
