/// A request said in the dialects of arms that do not speak its own: once for each arm, to decide about it and to be sent.

import Dialects
import HTTPFraming
import MediaJobs
import NIOCore
import RolloutJudge
import TrafficSplit
import Translation

/// The body for an arm, and what its answer has to be like.
struct TranslatedRequest {
  var body: [UInt8]
  var hidesReasoning = false
  /// It is a job that is asked for, in place of an answer.
  var job: JobOrder?
}

/// Belongs to one request; holds nothing where no arm needs a translation.
struct RequestTranslations {
  private struct Made {
    var arm: ArmIndex
    var model: String
    var result: Result<TranslatedRequest, Untranslatable>
  }

  /// Set where some arm needs a translation.
  var targets: [ArmTarget] = []
  private var made: [Made] = []

  mutating func request(
    _ request: InboundRequest, for target: ArmTarget, model: String
  ) -> Result<TranslatedRequest, Untranslatable> {
    if let known = made.first(where: { $0.arm == target.index && $0.model == model }) { return known.result }
    let result = Self.make(request, target, model)
    made.append(Made(arm: target.index, model: model, result: result))
    return result
  }

  private static func make(
    _ request: InboundRequest, _ target: ArmTarget, _ model: String
  ) -> Result<TranslatedRequest, Untranslatable> {
    do throws(Untranslatable) {
      // Of it only what a picture is asked for with is read: nothing else of it can reach the arm.
      if let form = target.jobForm(for: request) {
        let body = Array(request.body.readableBytesView)
        let media: MediaRequest =
          switch request.endpoint {
          case .images: try MediaRequest(images: body)
          case .videos: try MediaRequest(video: body)
          default: try MediaRequest(chat: body)
          }
        let order = try JobOrder(media, form, for: target, model: model, request)
        return .success(TranslatedRequest(body: order.submission.body, job: order))
      }
      guard let body = request.bodyToTranslate(for: target, model: model) else { throw .unreadable }
      switch (request.endpoint, target.spoken(for: request.endpoint)) {
      case (.chatCompletions, .messages):
        let made = try MessagesRequest(chat: body, MessagesPolicy(model: model))
        return .success(TranslatedRequest(body: made.body, hidesReasoning: made.hidesReasoning))
      case (.messages, .chatCompletions):
        let isOpenRouter = target.arm.vendor == "openrouter"
        let policy = ChatPolicy(
          model: model, reasoning: isOpenRouter ? .openRouter : .none, keepsCacheControl: isOpenRouter)
        return .success(TranslatedRequest(body: try ChatRequest(messages: body, policy).body))
      default: return .failure(.unreadable)
      }
    } catch {
      return .failure(error)
    }
  }
}

extension InboundRequest {
  func untranslatable(for candidate: Int, model: String) -> Ineligibility? {
    guard translations.targets.indices.contains(candidate + 1) else { return nil }
    let target = translations.targets[candidate + 1]
    guard case .failure(let reason) = translations.request(self, for: target, model: model) else { return nil }
    return Ineligibility(reason)
  }

  /// The body without what the arm is never to see: what its vendor's chats do not know is translated all the same.
  fileprivate func bodyToTranslate(for target: ArmTarget, model: String) -> [UInt8]? {
    guard let facts else { return nil }
    let body = body
    let span = body.readableBytesSpan
    let policy = target.fields.policy(for: target.spoken(for: endpoint), model: model, asked: facts.model)
    return BodyEdit.apply(facts.edits(model: nil, under: policy, in: span), to: span)
  }

  /// - Parameter model: the arm's own id.
  func ordered(from target: ArmTarget, model: String) -> OutboundRequest {
    guard case .success(let made) = translations.request(self, for: target, model: model), let order = made.job else {
      // Decided before the request came here; an arm that was replaced since answers this as its own error.
      return OutboundRequest(start: ByteBuffer())
    }
    return order.request(to: target.media ?? target)
  }

  /// - Parameter model: the arm's own id.
  func translated(to target: ArmTarget, speaking spoken: Endpoint, model: String) -> OutboundRequest {
    // Decided before the request came here; an arm that was replaced since answers this as its own error.
    let made = try? translations.request(self, for: target, model: model).get()
    let body = ByteBuffer(bytes: made?.body ?? Array("{}".utf8))
    var out = ByteBuffer()
    out.reserveCapacity(bytes.readableBytes + 512 + body.readableBytes)
    out.writeRequestHead(self, to: target, body: .length(body.readableBytes), speaking: spoken)
    out.writeImmutableBuffer(body)
    return OutboundRequest(start: out)
  }
}

extension Ineligibility {
  init(_ reason: Untranslatable) { self = Ineligibility(rawValue: reason.rawValue) ?? .unreadable }
}
