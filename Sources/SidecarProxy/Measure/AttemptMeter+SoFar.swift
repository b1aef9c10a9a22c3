/// Says of an answer that is still held back whether it is one: its form, whether it has failed, how it would be judged.

import Dialects
import RolloutJudge

extension AttemptMeter {
  /// A stream in answer to a request that wants one.
  var isAskedStream: Bool { expectsStream != false && isStream }

  var isStreamOver: Bool { isStream && reader.fact { $0.sawTerminal } == true }

  var isStream: Bool { reader.fact { $0.format } == .eventStream }

  /// The answer has another form than was asked for; where that is not known yet, nothing is said.
  var isWrongForm: Bool {
    guard let format = reader.fact({ $0.format }), let expectsStream, endpoints?.spoken != .embeddings,
      endpoints?.spoken != .videos
    else { return false }
    return format != (expectsStream ? .eventStream : .json)
  }

  /// In these dialects an error is the last that is said; chat completions tell their usage after it.
  var endsWithError: Bool {
    switch endpoints?.spoken {
    case .messages, .responses, .images: true
    default: false
    }
  }

  var hasFailed: Bool { hasBrokenCoding || reader.fact { $0.tellsOfError } == true }

  /// How the attempt would be judged if its answer ended here.
  func outcomeSoFar() -> Outcome { outcome(.complete, signsSoFar()) }

  func outcome(_ transport: TransportEnd, _ answer: AnswerSigns?) -> Outcome {
    Dialects.outcome(
      of: AttemptEnding(
        transport: transport, status: status, hasRetryAfter: hasRetryAfter, endpoint: endpoints?.spoken, answer: answer,
        expectsStream: expectsStream ?? (answer?.format == .eventStream), asked: asked,
        mayAnswerLater: mayAnswerLater, hasBrokenCoding: hasBrokenCoding))
  }

  func noteMistake(_ error: AnswerError?, in end: inout AttemptEnd) {
    end.mistake = OwnMistake(end.outcome, status: status, error)
    if end.mistake == .unknownField, case .field(let name) = error?.complaint { end.mistaken = name }
  }
}

extension Optional where Wrapped == AnswerReader {
  /// One fact of the answer, asked of the reader where it is.
  borrowing func fact<Fact>(_ ask: (borrowing AnswerFacts) -> Fact?) -> Fact? {
    switch self {
    case .some(let reader): ask(reader.facts)
    case .none: nil
    }
  }
}
