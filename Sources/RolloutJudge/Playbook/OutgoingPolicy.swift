/// What leaves for a candidate beyond what every candidate is sent: the vendor's own words, and the operator's additions.

package import Dialects
package import MediaJobs
package import TrafficSplit
package import Vendors

package struct OutgoingPolicy: Sendable, Equatable {
  /// Lower-case names of the caller's headers that pass.
  package var headers: [String]
  /// Names of query parameters that pass.
  package var query: [String]
  /// Body fields that pass although they are named after secrets or persons.
  package var keptFields: [String]
  package var renames: [FieldRename]
  /// The vendor's policy for chats; of its `drop` the arm's `dropFields` say what is left of it.
  package var vendor: FieldPolicy
  /// The vendor's policies for requests that have words of their own.
  package var media: [Endpoint: FieldPolicy]
  /// Those of the arm's `dropFields` that only its chats do not know: another endpoint has its own words.
  package var chatOnlyDrops: [String]
  /// On top, for some of the models.
  package var byModel: [ModelFields]
  /// Endpoints that it answers at another one, in that one's dialect.
  package var translations: [Endpoint: Endpoint]
  /// Its own paths, after `/v1/`, of the endpoints that have several.
  package var paths: [Endpoint: String]
  /// Why requests stay away from this candidate.
  package var eligibility: EligibilityPolicy
  /// The way in which it makes pictures and videos, where that is by jobs.
  package var jobs: ArmJobs?

  package init(
    headers: [String] = [], query: [String] = [], keptFields: [String] = [], renames: [FieldRename] = [],
    vendor: FieldPolicy = FieldPolicy(), media: [Endpoint: FieldPolicy] = [:], chatOnlyDrops: [String] = [],
    byModel: [ModelFields] = [],
    translations: [Endpoint: Endpoint] = [:], paths: [Endpoint: String] = [:],
    eligibility: EligibilityPolicy = EligibilityPolicy(), jobs: ArmJobs? = nil
  ) {
    self.headers = headers
    self.query = query
    self.keptFields = keptFields
    self.renames = renames
    self.vendor = vendor
    self.media = media
    self.chatOnlyDrops = chatOnlyDrops
    self.byModel = byModel
    self.translations = translations
    self.paths = paths
    self.eligibility = eligibility
    self.jobs = jobs
  }
}

/// A vendor's jobs, and where they are asked for.
package struct ArmJobs: Sendable, Equatable {
  package var row: JobRow
  package var url: ArmURL

  package init(_ row: JobRow, at url: ArmURL) {
    self.row = row
    self.url = url
  }

  package var kinds: JobKinds {
    var kinds = JobKinds()
    if row.pictures != nil { kinds.insert(.pictures) }
    if row.videos != nil { kinds.insert(.videos) }
    return kinds
  }
}
