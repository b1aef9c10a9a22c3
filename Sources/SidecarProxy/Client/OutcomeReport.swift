/// An application's word in a later request on an earlier exchange: `x-crossfade-outcome-of: ID` for a success,
/// `ID; success=false` for a failure.

struct OutcomeReport: Equatable {
  static let header = "x-crossfade-outcome-of"

  let exchange: UInt64
  let isSuccess: Bool

  /// - Parameter value: the header's value.
  /// - Returns: nil where it is not of that form: nothing is guessed about what succeeded.
  init?(_ value: String) {
    let parts = value.split(separator: ";", omittingEmptySubsequences: false).map(\.trimmingSpace)
    guard parts.count <= 2, parts[0].utf8.count == 16, let exchange = UInt64(parts[0], radix: 16) else { return nil }
    switch parts.count == 2 ? parts[1] : "success=true" {
    case "success=true": isSuccess = true
    case "success=false": isSuccess = false
    default: return nil
    }
    self.exchange = exchange
  }
}
