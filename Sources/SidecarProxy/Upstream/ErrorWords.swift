/// An error of a library in words that may be shown: its reason, without where in whose sources it was noticed.

/// BoringSSL's errors say `… CERTIFICATE_VERIFY_FAILED at /build/…/handshake.cc:393`, a path of the machine that built it.
func errorWords(_ error: any Error) -> String { withoutPaths(String(describing: error)) }

/// Words that begin as absolute paths are left out, with the `at` before them.
func withoutPaths(_ text: String) -> String {
  var words: [Substring] = []
  for word in text.split(separator: " ", omittingEmptySubsequences: false) {
    guard let slash = word.firstIndex(of: "/"), word[..<slash].allSatisfy({ "(['\"".contains($0) }) else {
      words.append(word)
      continue
    }
    if words.last == "at" { words.removeLast() }
    // What closes around it stays: `])`.
    let closing = word.suffix(while: { ")]'\",".contains($0) })
    if !closing.isEmpty, let last = words.popLast() { words.append(Substring(last + closing)) }
  }
  return words.joined(separator: " ")
}

extension Substring {
  /// The longest end of which all is so.
  fileprivate func suffix(while isSo: (Character) -> Bool) -> Substring {
    var start = endIndex
    while start > startIndex, isSo(self[index(before: start)]) { start = index(before: start) }
    return self[start...]
  }
}
