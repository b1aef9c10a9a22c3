/// Where a vendor's own path is found at an arm's address.

/// A base path and a path of the vendor's: what the one ends with and the other begins with is said once.
package func joined(_ base: String, _ path: String) -> String {
  let segments = base.split(separator: "/").map(String.init)
  for count in stride(from: segments.count, to: 0, by: -1) {
    let shared = "/" + segments.suffix(count).joined(separator: "/")
    if path == shared || path.hasPrefix("\(shared)/") { return base + path.dropFirst(shared.count) }
  }
  return base + path
}
