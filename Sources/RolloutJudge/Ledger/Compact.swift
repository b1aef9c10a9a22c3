/// A number that may be missing, in no more room than the number itself: millions of attempts hold a dozen of them.

/// A number of which one value is none that occurs, and stands for a missing one.
package protocol Sparing: Sendable {
  static var missing: Self { get }
  var isMissing: Bool { get }
}

extension Int64: Sparing {
  @inlinable package static var missing: Int64 { .min }
  @inlinable package var isMissing: Bool { self == .min }
}

extension Int: Sparing {
  @inlinable package static var missing: Int { .min }
  @inlinable package var isMissing: Bool { self == .min }
}

extension Double: Sparing {
  @inlinable package static var missing: Double { .nan }
  @inlinable package var isMissing: Bool { isNaN }
}

@propertyWrapper
package struct Compact<Number: Sparing>: Sendable {
  @usableFromInline var number: Number

  @inlinable
  package init(wrappedValue: Number?) { number = wrappedValue ?? .missing }

  @inlinable
  package var wrappedValue: Number? {
    get { number.isMissing ? nil : number }
    set { number = newValue ?? .missing }
  }
}
