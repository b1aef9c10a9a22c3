/// Frames an answer as HTTP/1.1, and frames it wrongly where the fault says so.
import NIOCore

struct WireAssembly {
  enum Framing: Equatable {
    case length(Int)
    case chunked
    case untilClose
    case twoLengths(Int, Int)
    case lengthAndChunked(Int)

    var isChunked: Bool {
      switch self {
      case .chunked, .lengthAndChunked: true
      case .length, .untilClose, .twoLengths: false
      }
    }
  }

  private let answer: Answer
  private let plan: RequestPlan
  private let request: RequestFacts
  private let compresses: Bool
  private var body: BodyPieces

  /// - Parameter plan: as the choice of the answer left it.
  init(answer: Answer, plan: RequestPlan, request: RequestFacts) {
    self.answer = answer
    self.plan = plan
    self.request = request
    body = BodyPieces(answer, plan: plan)
    if case .flood = plan.fault { compresses = false } else { compresses = plan.behavior.gzip && request.acceptsGzip }
    if compresses { body.compress() }
  }

  func script() -> WireScript {
    switch plan.fault {
    case .refuse, .resetBeforeHead:
      var script = WireScript(ending: .reset, isWhole: false)
      script.wait(plan.delay)
      return script
    case .closeBeforeHead:
      var script = WireScript(ending: .close, isWhole: false)
      script.wait(plan.delay)
      return script
    case .hangBeforeHead:
      return WireScript(ending: .hang, isWhole: false)
    case .garbage:
      var script = WireScript(ending: .close, isWhole: false)
      script.wait(plan.delay)
      script.send(ByteBuffer(bytes: Self.garbage))
      return script
    case .dripBytes(let interval):
      return framed().dripping(interval: interval)
    default:
      return framed()
    }
  }

  static let garbage: [UInt8] = Array("SSH-2.0-Emulated\r\n".utf8) + [0, 0xFF, 0x16, 3, 1]

  private func framed() -> WireScript {
    let ending = self.ending
    let cut = cutOffset
    var script = WireScript(ending: ending, isWhole: isWhole)
    script.send(ByteBuffer(string: interim))
    script.wait(body.headPause)
    let framing = self.framing
    script.send(ByteBuffer(string: head(framing, ending: ending)))
    guard !request.isHead, cut != 0 else { return script }
    BodyFraming(isChunked: framing.isChunked, cut: cut, badChunk: badChunk).write(body.pieces, to: &script)
    return script
  }

  // MARK: What the fault changes

  private var interim: String {
    switch plan.fault {
    case .hundredContinue: "HTTP/1.1 100 Continue\r\n\r\n"
    case .earlyHints: "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
    default: ""
    }
  }

  private var framing: Framing {
    let count = body.count
    switch plan.fault {
    case .wrongLength(let difference): return .length(max(0, count + difference))
    case .duplicateLength: return .twoLengths(count, count + 1)
    case .lengthAndChunked: return .lengthAndChunked(count)
    case .badChunk, .hangAfterBody: return .chunked
    case .closeAfterAnswer: return .untilClose
    case .http10 where answer.isStream: return .untilClose
    default: break
    }
    guard answer.isStream else { return .length(count) }
    return request.isHTTP10 ? .untilClose : .chunked
  }

  /// Body bytes sent before the answer breaks off, before its end is told; nil for a whole answer.
  private var cutOffset: Int? {
    let last = max(0, body.count - 1)
    switch plan.fault {
    case .hangAfterHead: return 0
    case .hangAfterBody: return body.count
    case .hangMidBody(let count), .cutMidBody(let count), .resetMidBody(let count): return min(max(0, count), last)
    case .cutMidEvent: return min(body.middle, last)
    default: return nil
    }
  }

  private var badChunk: Int? {
    plan.fault == .badChunk ? body.pieces.count / 2 : nil
  }

  private var ending: WireScript.Ending {
    switch plan.fault {
    case .hangAfterHead, .hangMidBody, .hangAfterBody: return .hang
    case .resetMidBody: return .reset
    case .earlyResponse: return .linger
    case .cutMidBody, .cutMidEvent, .badChunk, .closeAfterAnswer, .http10: return .close
    case .wrongLength(let difference) where difference > 0: return .close
    default: break
    }
    return request.keepsAlive && framing != .untilClose ? .keepAlive : .close
  }

  private var isWhole: Bool {
    switch plan.fault {
    case .hangAfterHead, .hangMidBody, .hangAfterBody, .cutMidBody, .resetMidBody, .cutMidEvent, .badChunk: false
    case .wrongLength(let difference): difference <= 0
    default: true
    }
  }

  /// The close is announced where it is meant, not where it is the fault.
  private var announcesClose: Bool {
    if case .earlyResponse = plan.fault { return true }
    return ending == .close && isWhole
  }

  private func head(_ framing: Framing, ending: WireScript.Ending) -> String {
    let version = plan.fault == .http10 || request.isHTTP10 ? "HTTP/1.0" : "HTTP/1.1"
    var head = "\(version) \(answer.status) \(ReasonPhrase.of(answer.status))\r\n"
    for header in answer.headers { head += "\(header.name): \(header.value)\r\n" }
    if compresses { head += "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n" }
    switch framing {
    case .length(let count): head += "Content-Length: \(count)\r\n"
    case .chunked: head += "Transfer-Encoding: chunked\r\n"
    case .untilClose: break
    case .twoLengths(let first, let second): head += "Content-Length: \(first)\r\nContent-Length: \(second)\r\n"
    case .lengthAndChunked(let count): head += "Content-Length: \(count)\r\nTransfer-Encoding: chunked\r\n"
    }
    if announcesClose { head += "Connection: close\r\n" }
    if case .oversizedHead(let bytes) = plan.fault {
      head += "X-Padding: " + String(repeating: "a", count: max(0, bytes)) + "\r\n"
    }
    return head + "\r\n"
  }
}
