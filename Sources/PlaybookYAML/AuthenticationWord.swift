/// How an arm takes its key, in a playbook's words: `bearer`, `header:x-api-key`, `scheme:Key`.

import Vendors

extension Authentication {
  /// Nil for what is none of them.
  init?(word: String) {
    let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    switch (parts[0], parts.count > 1 ? parts[1] : nil) {
    case ("bearer", nil): self = .bearer
    case ("header", let name?) where isHeaderName(name): self = .header(name.lowercased())
    case ("scheme", let word?) where isHeaderName(word): self = .scheme(word)
    default: return nil
    }
  }
}

extension ScalarKind {
  static let authentication = ScalarKind(
    noun: "bearer, header:NAME or scheme:WORD",
    schema: pattern("^(bearer|(header|scheme):[!#$%&'*+.^_`|~0-9A-Za-z-]+)$")
  ) { text in
    Authentication(word: text) == nil
      ? Refusal("not a way to send a key", say: "say bearer, header:x-api-key, or scheme:Key") : nil
  }
}
