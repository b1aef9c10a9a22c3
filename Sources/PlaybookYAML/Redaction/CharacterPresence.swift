/// Which characters a text holds: most patterns are ruled out by it before the text is searched.

package struct CharacterPresence: Sendable {
  /// A bit each.
  private(set) var ascii: (UInt64, UInt64) = (0, 0)
  /// Something beyond ASCII.
  private(set) var hasOthers = false

  package init(of characters: [Unicode.Scalar]) {
    for character in characters {
      switch character.value {
      case 0..<64: ascii.0 |= 1 << UInt64(character.value)
      case 64..<128: ascii.1 |= 1 << UInt64(character.value - 64)
      default: hasOthers = true
      }
    }
  }
}
