/// Where a shared store is: a connection URL as libpq reads it, and what of it may be shown.

package struct SharedStoreAddress: Sendable {
  let url: String
  /// Without password and parameters.
  package let description: String
  /// Blotted out of every text.
  let secrets: [String]

  /// Whether `--store` names a shared store, and not a file.
  package static func isOne(_ text: String) -> Bool {
    text.hasPrefix("postgres://") || text.hasPrefix("postgresql://")
  }

  /// - Parameter password: What PGPASSWORD holds, so that it is in no text either.
  /// - Throws: `noLibrary`, `badAddress`; neither quotes the address.
  package init(_ url: String, password: String? = nil) throws(SharedStoreError) {
    let unnamed = "postgres://…"
    try PostgresLibrary.require(for: unnamed)
    guard Self.isOne(url), PostgresLibrary.understands(url) else {
      throw SharedStoreError(unnamed, .badAddress("libpq cannot read it"))
    }
    let places = ["host", "hostaddr", "dbname", "port"].compactMap { PostgresLibrary.option($0, of: url) }
    // A password with an @ or a / of its own has ended too early, and its rest stands where no secret is looked for.
    guard places.allSatisfy({ !$0.contains("@") }) else {
      throw SharedStoreError(unnamed, .badAddress("its password holds an @ or a / that is not encoded"))
    }
    let ports = PostgresLibrary.option("port", of: url) ?? ""
    guard ports.allSatisfy({ ("0"..."9").contains($0) || $0 == "," }) else {
      throw SharedStoreError(unnamed, .badAddress("its port is no number"))
    }
    self.url = url
    secrets = (["password", "sslpassword"].map { PostgresLibrary.option($0, of: url) } + [password]).compactMap { $0 }
      .filter { $0.utf8.count > 2 }
    description = Self.shown(url)
  }

  private static func shown(_ url: String) -> String {
    let option = { (keyword: String) in PostgresLibrary.option(keyword, of: url) }
    let user = option("user").map { "\($0)@" } ?? ""
    let hosts = (option("host") ?? option("hostaddr") ?? "").split(separator: ",", omittingEmptySubsequences: false)
    let ports = (option("port") ?? "").split(separator: ",", omittingEmptySubsequences: false)
    let places = hosts.enumerated().map { index, host in
      let port = ports.count == 1 ? ports[0] : index < ports.count ? ports[index] : ""
      return port.isEmpty ? "\(host)" : "\(host):\(port)"
    }
    return "postgres://\(user)\(places.joined(separator: ","))/\(option("dbname") ?? "")"
  }

  /// A text of libpq's or the server's, in one line and without secrets.
  func shown(_ text: String) -> String {
    var text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for secret in secrets { text = text.replacing(secret, with: "…") }
    return text
  }
}
