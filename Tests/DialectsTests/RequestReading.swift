/// Reads requests from arrays: a span cannot be handed to a test macro.

@testable import Dialects

extension RequestReader {
  func read(_ body: [UInt8]) -> RequestFacts? { read(body.span.bytes) }
}
