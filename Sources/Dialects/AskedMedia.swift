/// Names what a request can ask for beside text, so that an answer without it is known to lack it.

package struct AskedMedia: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Concrete, since every request begins with it: from another module, `[]` builds an array.
  package init() { rawValue = 0 }

  package static let pictures = AskedMedia(rawValue: 1 << 0)
  package static let sound = AskedMedia(rawValue: 1 << 1)
}
