/// An arm made ready for the data path: every byte that does not depend on the request is written once, at start.

import Dialects
import HTTPFraming
import RolloutJudge
import TrafficSplit
import Vendors

/// One object for all loops: it is referred to by every request and never copied.
final class ArmTarget: Sendable {
  let index: ArmIndex
  let arm: Arm
  /// The arm's, or those of the proxy that it is reached through.
  let addresses: ArmAddresses
  /// Nil where it is reached directly.
  let tunnel: ArmTunnel?
  /// The name that TLS asks for and verifies; nil where the arm's URL names an address.
  let serverName: String?
  /// `Host: …\r\n` and the arm's own credentials and headers, ready to append to a request head.
  let ownLines: [UInt8]
  let basePath: [UInt8]
  /// Fields of the caller that this arm never sees; of a candidate all but those that are allowed.
  let withheld: KnownFieldSet
  /// Further fields of the caller by name, in small letters: withheld from the baseline, passed on to a candidate.
  let namedFields: [[UInt8]]
  /// The baseline's configured headers, each sent where the caller has none of that name.
  let defaultLines: [DefaultLine]
  /// The caller's query stays away from a candidate but for these parameters and those of the dialect; nil: all pass.
  let queryNames: [[UInt8]]?
  let fields: OutgoingFields
  /// By endpoint: another one that the arm answers it at; empty for an arm that speaks as it is spoken to.
  private let spoken: [Endpoint?]
  /// A candidate's own paths of pictures and videos, with the slash before them.
  private let mediaPaths: (images: [UInt8], videos: [UInt8])
  /// The dearest of its prices, for what has none.
  let boundPrice: Price
  /// `x-crossfade-arm: NAME\r\n`
  let armLine: [UInt8]
  /// The host of its jobs, where that is not the one of all else.
  let media: ArmTarget?
  /// It makes pictures or videos by jobs.
  let worksByJobs: Bool
  /// Not an arm but a host that an arm's files are on: its troubles are nobody's.
  let hasFiles: Bool
  /// Where what its answers were billed is asked for, by its own key; nil where it is not.
  let bill: BillPlace?

  struct DefaultLine: Sendable {
    /// In small letters.
    var name: [UInt8]
    var line: [UInt8]
  }

  /// - Parameters:
  ///   - userAgent: what a candidate is told in place of the caller's.
  ///   - ask: how its name is looked up.
  init(
    index: ArmIndex, arm: Arm, userAgent: String = "crossfade", hasFiles: Bool = false,
    ask: @escaping ArmAddresses.Ask = NameLookup.start
  ) {
    self.index = index
    self.arm = arm
    let first = arm.proxy.map { ArmURL(isTLS: false, host: $0.host, port: $0.port, basePath: "") }
    addresses = ArmAddresses(first ?? arm.url, ask: ask)
    tunnel = arm.proxy.map { ArmTunnel($0, to: arm.url) }
    serverName = ArmAddresses(arm.url, ask: ask).isLiteral ? nil : arm.url.host
    let headers = OwnHeaders(arm, isBaseline: index.isBaseline, userAgent: userAgent)
    ownLines = Array(headers.lines.utf8)
    basePath = Array(arm.url.basePath.utf8)
    armLine = Array("x-crossfade-arm: \(arm.name)\r\n".utf8)
    fields = OutgoingFields(arm, isBaseline: index.isBaseline)
    let translations = index.isBaseline ? [:] : arm.outgoing.translations
    spoken = translations.isEmpty ? [] : (0..<8).map { number in translations.first { $0.key.number == number }?.value }
    let paths = arm.outgoing.paths
    mediaPaths = index.isBaseline ? ([], []) : (Self.path(paths[.images]), Self.path(paths[.videos]))
    withheld = headers.withheld
    namedFields = headers.namedFields.map { Array($0.utf8) }
    defaultLines = headers.defaults.map { DefaultLine(name: Array($0.name.utf8), line: Array($0.line.utf8)) }
    self.hasFiles = hasFiles
    bill = arm.reconcile > 0 && arm.hasOwnKey(isBaseline: index.isBaseline) ? Vendor.named(arm.vendor)?.bill : nil
    worksByJobs = !index.isBaseline && arm.outgoing.jobs != nil
    media = Self.media(of: arm).map { ArmTarget(index: index, arm: $0, userAgent: userAgent, ask: ask) }
    queryNames = index.isBaseline ? nil : arm.outgoing.query.map { Array($0.utf8) }
    boundPrice = Self.dearest(of: arm.prices.values)
  }

  /// The same arm at its jobs' address.
  private static func media(of arm: Arm) -> Arm? {
    guard let url = arm.outgoing.jobs?.url, url != arm.url else { return nil }
    var media = arm
    media.url = url
    media.outgoing.jobs = nil
    return media
  }

  var translates: Bool { !spoken.isEmpty || worksByJobs }

  /// The endpoint in whose dialect it is asked instead; nil where it speaks the application's.
  func spoken(for endpoint: Endpoint?) -> Endpoint? {
    guard !spoken.isEmpty, let endpoint else { return nil }
    return spoken[Int(endpoint.number)]
  }

  private static func dearest(of prices: some Collection<Price>) -> Price {
    let ofTokens = prices.filter(\.isOfTokens)
    var bound = unknownPrice
    if let input = ofTokens.map(\.input).max(), let output = ofTokens.map(\.output).max() {
      (bound.input, bound.output) = (input, output)
    }
    bound.media = MediaPrice.dearest(of: prices.compactMap(\.media))
    return bound
  }

  private static func path(_ path: String?) -> [UInt8] { path.map { Array("/\($0)".utf8) } ?? [] }

  /// The path of an endpoint, where this arm may have it under another than the application's; nil where it has not.
  func ownPath(of endpoint: Endpoint?) -> [UInt8]? {
    let path =
      switch endpoint {
      case .images: mediaPaths.images
      case .videos: mediaPaths.videos
      default: [UInt8]()
      }
    return path.isEmpty ? nil : path
  }

  /// USD per million tokens, as much as the dearest models in wide use ask: for arms that have no prices.
  static let unknownPrice = Price(input: 15, output: 75)
}

/// Which header fields an arm is sent: its own, and which of the caller's.
private struct OwnHeaders {
  /// Always sent.
  var lines: String
  /// Sent where the caller has none of that name; names in small letters.
  var defaults: [(name: String, line: String)] = []
  var withheld: KnownFieldSet
  /// In small letters.
  var namedFields: [String] = []

  init(_ arm: Arm, isBaseline: Bool, userAgent: String) {
    lines = "Host: \(arm.url.authority)\r\n"
    let key = Self.keyField(arm)
    if let key { lines += "\(key.name): \(key.value)\r\n" }
    let configured = arm.headers.map { (name: $0.name.lowercased(), line: "\($0.name): \($0.value.exposed)\r\n") }
    guard isBaseline else {
      let own = Set(configured.map(\.name) + [key?.name.lowercased()].compactMap(\.self))
      lines += configured.map(\.line).joined()
      if !own.contains("user-agent") { lines += "User-Agent: \(userAgent)\r\n" }
      var allowed = Self.allowed
      for name in own { allowed.remove(KnownField(name)) }
      withheld = .allBut(allowed)
      namedFields = arm.outgoing.headers.filter { name in !own.contains(name) && !Self.isWrittenAnew(name) }
      return
    }
    defaults = configured
    withheld = Self.alwaysReplaced
    guard let key else { return }
    withheld = withheld.union(Self.credentials)
    let name = key.name.lowercased()
    defaults.removeAll { $0.name == name }
    if KnownField(name) == .other { namedFields = [name] }
  }

  private static func keyField(_ arm: Arm) -> (name: String, value: String)? {
    guard let key = arm.key else { return nil }
    return switch arm.authentication {
    case .bearer: ("Authorization", "Bearer \(key.exposed)")
    case .scheme(let scheme): ("Authorization", "\(scheme) \(key.exposed)")
    case .header(let name): (name, key.exposed)
    }
  }

  /// Written anew for every arm. A field that a server may take for one of them is no field of the application's.
  private static let alwaysReplaced: KnownFieldSet = [
    .host, .contentLength, .transferEncoding, .expect, .crossfade, .disguisedFraming,
  ]
  private static let credentials: KnownFieldSet = [
    .authorization, .proxyAuthorization, .xAPIKey, .apiKey, .googAPIKey, .disguisedCredential,
  ]
  /// All that a candidate sees of the caller's head: what the body is, what may come back, the dialect's own words.
  private static let allowed: KnownFieldSet = [
    .contentType, .contentEncoding, .accept, .acceptEncoding, .anthropicVersion, .anthropicBeta, .openAIBeta,
  ]

  private static func isWrittenAnew(_ name: String) -> Bool {
    let field = KnownField(name)
    return alwaysReplaced.contains(field) || KnownFieldSet.hopByHop.contains(field)
  }
}

extension KnownField {
  fileprivate init(_ name: String) {
    let bytes = Array(name.utf8)
    self.init(name: 0..<bytes.count, in: bytes.span.bytes)
  }
}
