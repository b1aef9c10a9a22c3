/// Damages valid messages the way attackers and broken peers do: at line ends, in lengths, names, blanks and whole
/// lines.

struct Mutation {
  private static let tokens = [
    "\r\n", "\n", "\r", "\r\n\r\n", " ", "\t", "\0", ":", ",", ";", "=", "\"", "\\", "0", "1", "a", "F", "-", "+",
    "0x", "\u{0B}", "\u{7F}", "\u{E9}", "chunked", "identity", "close", "keep-alive", "Content-Length",
    "Content-Length: 3\r\n",
    "Content-Length: 03\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip, chunked\r\n",
    "Transfer-Encoding : chunked\r\n", "\r\n folded", "Host: b\r\n", "Connection: close\r\n", "Connection: a, b\r\n",
    "X-A: \t b \t\r\n", "X-A:\r\n", "HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "0\r\n\r\n", "3\r\nabc\r\n",
    "3;a=\"b\"\r\nabc\r\n", "Upgrade: h2c\r\nConnection: upgrade\r\n", "CONNECT a:1 HTTP/1.1\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "99999999999999999999", "ffffffffffffffff",
  ].map { Array($0.utf8) }

  private var random: Seeded

  init(seed: UInt64) { random = Seeded(seed) }

  mutating func pick(_ samples: [Sample]) -> Sample { samples.randomElement(using: &random)! }

  /// One to four kinds of damage; a quarter of all is done to a single byte.
  mutating func damage(_ bytes: [UInt8], splicing other: [UInt8]) -> [UInt8] {
    var damaged = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) { damageOnce(&damaged, splicing: other) }
    return damaged
  }

  private mutating func damageOnce(_ bytes: inout [UInt8], splicing other: [UInt8]) {
    let place = Int.random(in: 0...bytes.count, using: &random)
    let end = min(bytes.count, place + Int.random(in: 0...12, using: &random))
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1: bytes.insert(contentsOf: Self.tokens.randomElement(using: &random)!, at: place)
    case 2: bytes.replaceSubrange(place..<end, with: Self.tokens.randomElement(using: &random)!)
    case 3: bytes.removeSubrange(place..<end)
    case 4: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 5: repeatLine(&bytes, near: place)
    case 6:
      if place < bytes.count { bytes[place] = UInt8.random(in: .min ... .max, using: &random) }
    default:
      let from = Int.random(in: 0...other.count, using: &random)
      bytes.replaceSubrange(place..., with: other[from...])
    }
  }

  private mutating func repeatLine(_ bytes: inout [UInt8], near place: Int) {
    guard let start = bytes[..<place].lastIndex(of: 0x0A).map({ $0 + 1 }),
      let end = bytes[place...].firstIndex(of: 0x0A).map({ $0 + 1 })
    else { return }
    bytes.insert(contentsOf: bytes[start..<end], at: Bool.random(using: &random) ? start : end)
  }

  /// Up to four cuts.
  mutating func cut(_ bytes: [UInt8]) -> [[UInt8]] {
    let count = Int.random(in: 0...4, using: &random)
    let places = (0..<count).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
    var pieces: [[UInt8]] = []
    var start = 0
    for place in places + [bytes.count] {
      pieces.append(Array(bytes[start..<place]))
      start = place
    }
    return pieces
  }
}
