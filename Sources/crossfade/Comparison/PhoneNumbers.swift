/// Telephone numbers that no plus sign or area code gives away: Chinese mobiles, and ten North American digits where the
/// text says what they are.

enum PhoneNumbers {
  static func range(in run: DigitRun, of characters: [Unicode.Scalar]) -> Range<Int>? {
    let digits = run.text
    let whole = run.range(0..<digits.count)
    if isChineseMobile(digits[...]), isWrittenAsMobile(run.groups) { return whole }
    // With the country's code before it, with or without 00.
    for prefix in [[8, 6], [0, 0, 8, 6]] where digits.starts(with: prefix) {
      if isChineseMobile(digits[prefix.count...]) { return whole }
    }
    let bare = digits.count == 11 && digits[0] == 1 ? digits[1...] : digits[...]
    return isNorthAmerican(bare) && hasCue(beside: whole, in: characters) ? whole : nil
  }

  private static func isChineseMobile(_ digits: ArraySlice<Int>) -> Bool {
    digits.count == 11 && digits.first == 1 && digits[digits.startIndex + 1] >= 3
  }

  /// In one piece, or in three, four and four, as it is read out.
  private static func isWrittenAsMobile(_ groups: [Int]) -> Bool {
    [[11], [3, 4, 4], [3, 8], [7, 4], [4, 4, 3], [5, 6]].contains(groups)
  }

  /// Area code and exchange begin with 2 to 9.
  private static func isNorthAmerican(_ digits: ArraySlice<Int>) -> Bool {
    digits.count == 10 && digits[digits.startIndex] >= 2 && digits[digits.startIndex + 3] >= 2
  }

  /// Words within reach before the number, or right behind it.
  private static func hasCue(beside range: Range<Int>, in characters: [Unicode.Scalar]) -> Bool {
    let before = text(characters[max(0, range.lowerBound - reach)..<range.lowerBound])
    let after = text(characters[range.upperBound..<min(characters.count, range.upperBound + reach / 2)])
    return [before, after].contains { text in
      let words = text.split { !$0.isLetter }
      return words.contains { word in cueWords.contains { word.hasPrefix($0) } } || cues.contains(where: text.contains)
    }
  }

  private static func text(_ characters: ArraySlice<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: characters)
    return String(text).lowercased()
  }

  private static let reach = 32
  /// Beginnings of words.
  private static let cueWords = [
    "phone", "tel", "call", "cell", "mobile", "fax", "sms", "whatsapp", "dial", "contact", "handy", "móvil", "celular",
    "teléfono", "número", "numero",
  ]
  private static let cues = [
    "telephone", "text me", "reach me", "number is", "电话", "電話", "手机", "手機", "联系", "聯絡", "传真", "拨打", "微信", "携帯",
  ]
}
