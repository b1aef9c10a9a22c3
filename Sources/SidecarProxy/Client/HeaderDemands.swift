/// Reads what a request's `x-openrouter-*` fields demand of a provider, which binds like the body's `provider`.

import Dialects
import HTTPFraming
import NIOCore

enum HeaderDemands {
  /// Of all such fields together, whoever repeats them.
  static func read(_ head: RequestHead, _ bytes: ByteBuffer) -> RequestTraits {
    let span = bytes.readableBytesSpan
    var traits: RequestTraits = []
    for field in head.fields where field.id == .openRouterAttribution {
      let name = span.lowercasedText(field.name).dropFirst("x-openrouter-".count)
      let value = span.lowercasedText(field.value)
      guard let demand = demand(named: String(name)), !["", "false", "0", "allow", "null"].contains(value) else {
        continue
      }
      traits.formUnion(demand)
    }
    return traits
  }

  /// `x-openrouter-zdr` and `x-openrouter-provider-zdr` alike.
  private static func demand(named name: String) -> RequestTraits? {
    let member = name.split(separator: "-").joined(separator: "_")
    let own = member.hasPrefix("provider_") ? String(member.dropFirst("provider_".count)) : member
    return RequestTraits(demand: own)
  }
}
