/// Reads what a request's `x-openrouter-*` fields demand of a provider, which binds like the body's `provider`.

import Dialects
import HTTPFraming
import NIOCore

enum HeaderDemands {
  /// Reads all such fields together, whoever repeats them.
  static func read(_ head: RequestHead, _ bytes: ByteBuffer) -> RequestTraits {
    let span = bytes.readableBytesSpan
    var traits = RequestTraits()
    for field in head.fields where field.id == .openRouterAttribution && !isAttribution(field.name, span) {
      let name = span.lowercasedText(field.name).dropFirst("x-openrouter-".count)
      let value = span.lowercasedText(field.value)
      guard let demand = demand(named: String(name)), !["", "false", "0", "allow", "null"].contains(value) else {
        continue
      }
      traits.formUnion(demand)
    }
    return traits
  }

  /// A header that applications send with every request demands nothing.
  private static func isAttribution(_ name: Range<Int>, _ span: RawSpan) -> Bool {
    span.reads(name, asLowercase: "x-openrouter-title") || span.reads(name, asLowercase: "x-openrouter-categories")
      || span.reads(name, asLowercase: "x-openrouter-metadata")
      || span.begins(name, withLowercase: "x-openrouter-cache")
  }

  /// `x-openrouter-zdr` and `x-openrouter-provider-zdr` alike.
  private static func demand(named name: String) -> RequestTraits? {
    let member = name.split(separator: "-").joined(separator: "_")
    let own = member.hasPrefix("provider_") ? String(member.dropFirst("provider_".count)) : member
    return RequestTraits(demand: own)
  }
}
