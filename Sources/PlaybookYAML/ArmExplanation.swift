/// The parts of an arm's explanation that are worked out: what is dropped and renamed, translated, made by jobs, left out.

import Dialects
import MediaJobs
import RolloutJudge
import TrafficSplit
import Vendors

/// What a chat's translation reads is not dropped, whatever the vendor's own chats do not know.
func droppedFields(_ arm: Arm) -> [String] {
  arm.outgoing.translations[.chatCompletions] == nil ? arm.dropFields : arm.dropFieldsBesideChats
}

func translatedEndpoints(_ arm: Arm) -> [PlaybookExplanation.ModelLine]? {
  let translations = arm.outgoing.translations
  guard !translations.isEmpty else { return nil }
  return Endpoint.allCases.compactMap { endpoint in
    translations[endpoint].map { .init(from: endpoint.rawValue, to: $0.rawValue) }
  }
}

func jobsText(_ arm: Arm) -> String? {
  guard let jobs = arm.outgoing.jobs else { return nil }
  let kinds = [jobs.row.pictures.map { _ in "pictures" }, jobs.row.videos.map { _ in "videos" }].compactMap(\.self)
  return "\(kinds.joined(separator: " and ")) at \(jobs.url.description)"
}

/// But for what it makes by jobs.
func absentEndpoints(_ arm: Arm) -> [String] {
  let kinds = arm.outgoing.jobs?.kinds ?? []
  return Endpoint.allCases.filter { endpoint in
    let isMade = endpoint == .images && kinds.contains(.pictures) || endpoint == .videos && kinds.contains(.videos)
    return arm.outgoing.eligibility.lacks(endpoint) && !isMade
  }.map(\.rawValue)
}

func renamedFields(_ arm: Arm) -> [PlaybookExplanation.ModelLine] {
  let vendor = arm.outgoing.vendor
  let effort = vendor.effort.map { [FieldRename(from: "reasoning", to: $0.name)] } ?? []
  return (arm.outgoing.renames + vendor.renames + effort).map { .init(from: $0.from, to: $0.to) }
}
