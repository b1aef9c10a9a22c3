/// `HOST:PORT`, or a port of this machine's own, on the command line.

import ArgumentParser

struct ListenAddress: ExpressibleByArgument {
  var host: String
  var port: Int

  init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// `127.0.0.1:8787`, `[::1]:8787`; `:8787` and `8787` on the loopback.
  init?(argument: String) {
    let argument = argument.contains(":") ? argument : ":" + argument
    guard let colon = argument.lastIndex(of: ":"), let port = Int(argument[argument.index(after: colon)...]),
      (0...65_535).contains(port)
    else { return nil }
    var host = String(argument[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    if host.isEmpty { host = "127.0.0.1" }
    self.init(host: host, port: port)
  }

  var defaultValueDescription: String { "\(host):\(port)" }
}
