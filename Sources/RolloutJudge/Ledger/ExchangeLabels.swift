/// What the figures of an exchange can be broken down by.

package import Dialects

/// Interned by each event loop: exchanges that are alike in all of this share one.
package final class ExchangeLabels: Sendable {
  package let endpoint: Endpoint
  /// The application's model id; nil where the request names none.
  package let model: String?
  /// By index in `Playbook.tags`; nil where the request does not say.
  package let tags: [String?]
  package let features: RequestFeatures
  package let isStream: Bool
  /// Two turns or more of its conversation came before it.
  package let isSteady: Bool

  package init(
    endpoint: Endpoint, model: String?, tags: [String?], features: RequestFeatures, isStream: Bool,
    isSteady: Bool = false
  ) {
    self.endpoint = endpoint
    self.model = model
    self.tags = tags
    self.features = features
    self.isStream = isStream
    self.isSteady = isSteady
  }
}
