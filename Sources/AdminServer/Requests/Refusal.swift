/// Why a request is not answered as asked, each with its status and what to do about it.

import RolloutJudge

enum Refusal: Error, Equatable {
  case unauthorized
  case foreignHost
  case crossSite
  case contentType
  case notFound
  case method(allowed: String)
  case tooLarge
  /// The request is wrong: how, in words.
  case invalid(String)
  /// The rollout's state does not allow the command.
  case refused(String)
  /// The rollout is not where the person saw it.
  case moved(String, stage: String?, seq: Int?)
  /// The playbook cannot take the place of the one in force.
  case playbookRefused(String)
  /// The playbook is wrong in itself.
  case playbook(problems: [String])
  /// Something that Crossfade needs for it is not there now.
  case unavailable(String)
  /// Something asked for by name is not there.
  case missing(String)
  case broken
  /// Too many requests are being answered; the places that are left are for probes and commands.
  case crowded

  var status: Int {
    switch self {
    case .invalid: 400
    case .unauthorized: 401
    case .foreignHost, .crossSite: 403
    case .notFound, .missing: 404
    case .method: 405
    case .refused, .moved, .playbookRefused: 409
    case .playbook: 422
    case .tooLarge: 413
    case .contentType: 415
    case .broken: 500
    case .unavailable, .crowded: 503
    }
  }

  var message: String {
    switch self {
    case .unauthorized: "the admin token is missing or wrong: send Authorization: Bearer TOKEN"
    case .foreignHost: "this Host is not served here: use 127.0.0.1 or localhost, or configure an admin token"
    case .crossSite: "a page of another site may not steer the rollout"
    case .contentType: "send application/json without an encoding, or no body"
    case .notFound:
      "no such endpoint; there are " + Endpoint.allCases.map(\.rawValue).joined(separator: " ")
    case .method(let allowed): "this endpoint answers \(allowed)"
    case .tooLarge: "the body is larger than \(AdminLimits.bodyBytes / 1024) KiB"
    case .invalid(let message), .refused(let message), .unavailable(let message), .missing(let message),
      .moved(let message, _, _), .playbookRefused(let message):
      message
    case .playbook(let problems): "the playbook was refused:\n" + problems.joined(separator: "\n")
    case .crowded: "too many admin requests at once: try again; probes and commands are still answered"
    case .broken: "Crossfade could not do this; its log says why"
    }
  }

  var headers: [(String, String)] {
    switch self {
    case .unauthorized: [("WWW-Authenticate", "Bearer realm=\"crossfade\"")]
    case .method(let allowed): [("Allow", allowed)]
    default: []
    }
  }
}

extension Refusal {
  init(_ refusal: CommandRefusal) {
    switch refusal.reason {
    case .wrongState, .breached, .unknownCandidate, .unknownStage: self = .refused(refusal.message)
    case .moved: self = .moved(refusal.message, stage: refusal.current?.stage, seq: refusal.current?.seq)
    case .playbookRefused: self = .playbookRefused(refusal.message)
    case .journalUnavailable: self = .unavailable(refusal.message)
    }
  }
}

/// The bounds on what one client can make this server read, keep or answer at once.
package enum AdminLimits {
  static let bodyBytes = 64 << 10
  static let reasonBytes = 1000
  static let nameBytes = 200
  static let decisions = 1000
  static let diffs = 200
  package static let connections = 256
  static let headerBytes = 16 << 10
}
