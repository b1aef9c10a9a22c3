/// Tells a text's language, where it is plain which: by its script, and for Latin letters by its commonest words.

enum Language: String, CaseIterable {
  case english, german, french, spanish, portuguese, italian, dutch, polish, swedish, turkish
  case cyrillic, greek, arabic, hebrew, hindi, thai, korean, japanese, chinese

  /// Letters of one script that a text must have; signs that are words count for four.
  private static let letterLimit = 40
  /// Share of the letters that must be of that script.
  private static let scriptShare = 0.7
  /// Common words of the language that a text must have, and their share of its words.
  private static let hitLimit = 4
  private static let hitShare = 0.08

  /// - Parameter words: hashes as `TextProfile` has them.
  /// - Returns: nil where it is not plain: a text of a few words, of names or code, of two languages.
  init?(words: [UInt64], scripts: ScriptCount) {
    guard let language = Self.language(scripts) else { return nil }
    guard language == .english else {
      self = language
      return
    }
    guard let found = Self.latinLanguage(words) else { return nil }
    self = found
  }

  /// - Returns: `english` for Latin letters.
  private static func language(_ scripts: ScriptCount) -> Language? {
    let total = Double(scripts.total)
    let east = scripts[.han] + scripts[.kana]
    if east * 4 >= letterLimit, Double(east) >= scriptShare * total {
      return scripts[.kana] * 10 >= east ? .japanese : .chinese
    }
    let languages: [(Script, Language)] = [
      (.latin, .english), (.cyrillic, .cyrillic), (.greek, .greek), (.arabic, .arabic), (.hebrew, .hebrew),
      (.devanagari, .hindi), (.thai, .thai), (.hangul, .korean),
    ]
    return languages.first { scripts[$0.0] >= letterLimit(of: $0.0) && Double(scripts[$0.0]) >= scriptShare * total }?.1
  }

  private static func letterLimit(of script: Script) -> Int {
    script == .hangul ? letterLimit / 3 : letterLimit
  }

  private static func latinLanguage(_ words: [UInt64]) -> Language? {
    var hits = [Int](repeating: 0, count: common.count)
    for word in words {
      var languages = languagesByWord[word] ?? 0
      while languages != 0 {
        hits[languages.trailingZeroBitCount] += 1
        languages &= languages - 1
      }
    }
    guard let best = hits.indices.max(by: { hits[$0] < hits[$1] }) else { return nil }
    let second = hits.indices.filter { $0 != best }.map { hits[$0] }.max() ?? 0
    let isPlain = hits[best] >= hitLimit && hits[best] >= 3 * second
    return isPlain && Double(hits[best]) >= hitShare * Double(words.count) ? common[best].0 : nil
  }

  /// Words that are common in one of these languages and hardly ever stand in the others, or in code.
  private static let common: [(Language, String)] = [
    (
      .english,
      "the of and to is that it you with are this have not your was which can will from what they would our about has "
        + "there should their than or by when if may at my on how does been because before for but"
    ),
    (
      .german,
      "der die das und ist nicht ein eine mit auf für sich dem den von zu im auch wird sind wir sie oder einen ihre "
        + "unsere haben wurde schon keine ohne können an bei werden am aus aber wenn noch bis"
    ),
    (
      .french,
      "le les des est et une dans pour qui pas sur vous nous avec du au sont cette plus ce il être ou votre notre elle "
        + "avons vont puis déjà avant mais bien sommes de en y cet leur leurs tout fait d n qu"
    ),
    (
      .spanish,
      "el los las es y una por con para del se más como pero su al está son lo hay muy esta puede nuestro usted fue "
        + "desde cuando también ya de en que"
    ),
    (
      .portuguese,
      "os não uma do da em com para dos ao mais como mas são você pela pelo isso está também seu foi das nosso ou já "
        + "quando um"
    ),
    (
      .italian,
      "il di che è per una non sono della con del gli nel si più anche alla questo dei come delle ha le nostro ma già "
        + "quando abbiamo"
    ),
    (
      .dutch,
      "de het een van en niet op dat zijn voor met deze ook worden aan bij naar wordt maar je hebben uit onze uw nog "
        + "geen kunnen"
    ),
    (.polish, "nie się na jest że w z do to jak są oraz przez dla od po który może co tym lub być jego już ale czy"),
    (.swedish, "och att det är som på av för med inte till den har ett kan eller om också från när vara vi din vår"),
    (.turkish, "bir ve bu için ile olarak da de olan daha çok gibi kadar en sonra ancak veya ise değil olur var ama"),
  ]

  private static let languagesByWord: [UInt64: UInt32] = {
    var table: [UInt64: UInt32] = [:]
    for (index, entry) in common.enumerated() {
      for word in entry.1.split(separator: " ") {
        var hash = WordHash()
        for scalar in word.unicodeScalars { hash.add(scalar.value) }
        table[hash.value, default: 0] |= 1 << UInt32(index)
      }
    }
    return table
  }()
}
