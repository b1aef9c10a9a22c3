/// Credentials that are known by their value: the arms' keys, and what one exchange's caller sent.

import RolloutJudge

struct KnownSecrets: Sendable, Equatable {
  /// The longest first: one may hold another.
  private var values: [[Unicode.Scalar]] = []

  /// A shorter one would blot out half of every text.
  static let shortest = 6

  init() {}

  init(_ values: some Sequence<String>) {
    let long = Set(values).filter { $0.unicodeScalars.count >= Self.shortest }
    self.values = long.map { Array($0.unicodeScalars) }.sorted {
      ($1.count, String(describing: $0)) < ($0.count, String(describing: $1))
    }
  }

  /// The arms' keys, and what their configured headers say where it may be one.
  init(of playbook: Playbook) {
    var values: [String] = []
    for arm in [playbook.baseline] + playbook.candidates {
      if let key = arm.key { values.append(key.exposed) }
      for header in arm.headers {
        // With and without the word before it (`Bearer KEY`); versions and slugs are shorter.
        let words = header.value.exposed.split(separator: " ").map(String.init) + [header.value.exposed]
        values += words.filter { $0.utf8.count >= Self.shortestHeader }
      }
    }
    if let key = playbook.compare.semantic?.key { values.append(key.exposed) }
    self.init(values)
  }

  private static let shortestHeader = 12

  var isEmpty: Bool { values.isEmpty }

  func adding(_ other: KnownSecrets) -> KnownSecrets {
    var both = self
    for value in other.values where !both.values.contains(value) { both.values.append(value) }
    both.values.sort { $0.count > $1.count }
    return both
  }

  func ranges(in characters: [Unicode.Scalar]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    for value in values where value.count <= characters.count {
      var index = 0
      while index + value.count <= characters.count {
        guard characters[index] == value[0], characters[index..<(index + value.count)].elementsEqual(value) else {
          index += 1
          continue
        }
        found.append(index..<(index + value.count))
        index += value.count
      }
    }
    return found
  }
}
