/// Recognises a JSON number that arrives in pieces, byte by byte.

/// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
struct JSONNumberSyntax {
  private enum State: UInt8 {
    case start, minus, zero, integer, point, fraction, exponent, exponentSign, exponentDigits
  }
  private var state = State.start

  var isComplete: Bool {
    switch state {
    case .zero, .integer, .fraction, .exponentDigits: true
    case .start, .minus, .point, .exponent, .exponentSign: false
    }
  }

  /// Takes the byte if a number can go on with it; otherwise nothing changes.
  @inline(__always)
  mutating func accepts(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit(byte)
    case UInt8(ascii: "-"): sign(isMinus: true)
    case UInt8(ascii: "+"): sign(isMinus: false)
    case UInt8(ascii: "."): move(to: .point, when: state == .zero || state == .integer)
    case UInt8(ascii: "e"), UInt8(ascii: "E"):
      move(to: .exponent, when: state == .zero || state == .integer || state == .fraction)
    default: false
    }
  }

  @inline(__always)
  private mutating func digit(_ byte: UInt8) -> Bool {
    switch state {
    case .start, .minus: state = byte == UInt8(ascii: "0") ? .zero : .integer
    case .zero: return false
    case .integer, .fraction, .exponentDigits: break
    case .point: state = .fraction
    case .exponent, .exponentSign: state = .exponentDigits
    }
    return true
  }

  private mutating func sign(isMinus: Bool) -> Bool {
    if state == .exponent { return move(to: .exponentSign, when: true) }
    return move(to: .minus, when: isMinus && state == .start)
  }

  private mutating func move(to next: State, when allowed: Bool) -> Bool {
    if allowed { state = next }
    return allowed
  }
}
