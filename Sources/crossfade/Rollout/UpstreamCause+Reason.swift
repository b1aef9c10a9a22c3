/// The kind of a connect failure, by the error's own words.

import OperatorLog

extension UpstreamCause {
  /// The cause by a connect error's own words.
  init(reason: String) {
    let text = reason.lowercased()
    if text.contains("dns") || text.contains("getaddrinfo") || text.contains("unknown host") {
      self = .dns
    } else if text.contains("tls") || text.contains("ssl") || text.contains("certificate") {
      self = .tls
    } else if text.contains("timed out") || text.contains("timeout") {
      self = .timeout
    } else {
      self = text.contains("reset") ? .reset : .connect
    }
  }
}
