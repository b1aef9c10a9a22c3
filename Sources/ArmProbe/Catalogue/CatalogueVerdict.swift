/// The finding about an arm at the start, from the one free question that it is asked: `GET models`, in one sentence.

import RolloutJudge

/// The answer to `GET models`, as far as it says whether the arm is the one that the playbook means.
package enum CatalogueAnswer: Sendable, Equatable {
  /// - Parameter models: nil where the body is no list of models.
  case answered(status: Int, models: Int?)
  case failed(Failure)

  package enum Failure: Sendable, Equatable {
    case unknownName, refused, timeout
    /// Its certificate is of nobody that this machine trusts, or of another name.
    case untrusted
    case tls
    case other(String)
  }

  package init(status: Int, body: [UInt8]) {
    self = .answered(status: status, models: status == 200 ? ModelList(body)?.ids.count : nil)
  }

  /// Whether somebody is there who serves models, and wants no more than a key.
  fileprivate var isCatalogue: Bool {
    guard case .answered(let status, let models) = self else { return false }
    return models != nil || status == 401 || status == 403
  }
}

package struct CatalogueVerdict: Sendable, Equatable {
  package enum Result: String, Sendable, CaseIterable {
    case ok
    case wrongKey = "wrong_key"
    case noKey = "no_key"
    case wrongPath = "wrong_path"
    case unreachable, untrusted, unclear
  }

  package var result: Result
  /// What it is and what to do, for the log.
  package var message: String

  /// - Parameters:
  ///   - answer: at the playbook's url.
  ///   - below: at the same url with `/v1` after it; nil where that was not asked.
  package init(_ target: ProbeTarget, _ answer: CatalogueAnswer, below: CatalogueAnswer?) {
    let arm = target.arm
    let url = arm.url.description
    func mayBelieve(_ answer: CatalogueAnswer?) -> Bool { answer?.isCatalogue ?? false }
    switch answer {
    case .failed(let failure):
      (result, message) = Self.failed(failure, arm)
    case .answered(let status, _) where mayBelieve(below) && !mayBelieve(answer):
      (result, message) = (
        .wrongPath,
        "\(arm.name) has no models at \(url) (\(status)) but at \(url)/v1: say url: \(url)/v1 in the playbook"
      )
    case .answered(200, let models?):
      (result, message) = (.ok, "\(arm.name) answers: \(models) model\(models == 1 ? "" : "s")\(Self.aboutKey(target))")
    case .answered(200, nil):
      (result, message) = (
        .wrongPath, "\(arm.name) answers at \(url)/models, but with no list of models: is its url's path right?"
      )
    case .answered(let status, _) where status == 401 || status == 403:
      (result, message) = Self.refused(status, target)
    case .answered(404, _), .answered(405, _):
      (result, message) = (
        .wrongPath, "\(arm.name) has no models at \(url): its url's path is wrong, unless it keeps no such list"
      )
    case .answered(let status, _) where (300..<400).contains(status):
      (result, message) = (
        .wrongPath, "\(arm.name) redirects (\(status)), which is not followed: its url must be the final one"
      )
    case .answered(let status, _):
      (result, message) = (.unclear, "\(arm.name) answers \(status) to a question after its models")
    }
  }

  private static func aboutKey(_ target: ProbeTarget) -> String {
    if target.role == .baseline, target.key == nil { return "; the application's own key passes through" }
    return ""
  }

  private static func refused(_ status: Int, _ target: ProbeTarget) -> (Result, String) {
    let name = target.arm.name
    if target.key != nil { return (.wrongKey, "\(name) refuses its key (\(status)): see 'key' in the playbook") }
    if target.role == .baseline { return (.ok, "\(name) answers, and wants the application's own key, as it should") }
    return (.noKey, "\(name) wants a key (\(status)), and the playbook gives it none: say key: ${NAME}")
  }

  private static func failed(_ failure: CatalogueAnswer.Failure, _ arm: Arm) -> (Result, String) {
    let place = arm.url.authority
    return switch failure {
    case .unknownName: (.unreachable, "\(arm.name) is not there: no such name as \(arm.url.host)")
    case .refused: (.unreachable, "\(arm.name) is not there: nothing accepts connections at \(place)")
    case .timeout: (.unreachable, "\(arm.name) is not there: no answer from \(place) in time")
    case .untrusted:
      (
        .untrusted,
        "\(arm.name)'s certificate is not trusted here, as a self-signed one is: "
          + "--ca-file names a PEM file with it or with its authority"
      )
    case .tls: (.unreachable, "\(arm.name) does not speak TLS at \(place), though its url says https")
    case .other(let words): (.unreachable, "\(arm.name) cannot be asked: \(words)")
    }
  }
}

extension ProbeTarget {
  /// Whether it has a list of models to ask for.
  package var hasCatalogue: Bool { !isOfJobsAlone }

  /// The places of that list, in the order they are asked: the playbook's, and where its url lacks `/v1`, below that.
  package var catalogues: [String] {
    let url = arm.url.description
    return ["", "/v1"].filter { $0.isEmpty || !arm.url.basePath.hasSuffix("/v1") }.map { "\(url)\($0)/models" }
  }

  /// The fields of the question, by name.
  package var catalogueFields: [(name: String, value: String)] {
    headerLines(withKey: true).compactMap { line in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return (String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0 == " " }))
    }
  }
}
