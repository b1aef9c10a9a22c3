/// `crossfade vendors`: the gateways that playbooks can name, and what is sent to each.

import ArgumentParser
import PlaybookYAML
import Vendors

struct ListVendors: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vendors",
    abstract: "List the vendors, or say of one what is sent to it, cut and kept away, and how sure that is.",
    discussion: """
      A playbook names one as vendor: NAME and can say otherwise of every part: url, key, headers, fields, keeps. \
      What is marked as a guess was found in no writing: look before you rely on it.
      """)

  @Argument(help: "A vendor, by any name that people write.")
  var name: String?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    guard let name else {
      let all = Vendor.all.map(VendorDescription.init)
      if json { return try printPlain(all) }
      return Self.table(Vendor.all).forEach { print($0) }
    }
    guard let vendor = Vendor.named(name) else {
      let near = nearestWord(to: name, among: Vendor.all.map(\.name)).map { ", did you mean '\($0)'?" } ?? ""
      throw ValidationError("no vendor '\(name.prefix(64))'\(near)")
    }
    let description = VendorDescription(vendor)
    if json { return try printPlain(description) }
    description.lines.forEach { print($0) }
  }

  static func table(_ vendors: [Vendor]) -> [String] {
    let header = "vendor".padded(19) + "cost".padded(11) + "least sure".padded(12) + "address"
    return [header]
      + vendors.map { vendor in
        let cost = !vendor.answersText ? "pictures and videos" : vendor.reportsCost ? "reported" : "by prices"
        return vendor.name.padded(19) + cost.padded(11) + vendor.trust.least.rawValue.padded(12)
          + (vendor.baseURL ?? "every installation has its own")
      }
  }
}
