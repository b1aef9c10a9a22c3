/// The vendors Crossfade knows by name. Adding one is adding a row; model names and prices rot and are not kept.

extension Vendor {
  /// A gateway without a row of its own.
  package static let generic = "openai-compatible"

  package static let all: [Vendor] = gateways + relays + hosts + labs + media

  /// - Parameter name: its own or another that people write, in any case.
  package static func named(_ name: String) -> Vendor? { byName[name.lowercased()] }

  private static let byName: [String: Vendor] = Dictionary(
    all.flatMap { vendor in vendor.names.map { ($0, vendor) } },
    uniquingKeysWith: { one, _ in one })
}
