/// What machines read has every key: `null` says that nothing was measured, where a missing key would say nothing.

@propertyWrapper
package struct Nullable<Value: Encodable & Sendable>: Sendable, Encodable {
  package var wrappedValue: Value?

  package init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}
