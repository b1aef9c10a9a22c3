/// Tests likeness and language of texts.

import Testing

@testable import ResponseDiff

@Suite("TextProfile")
struct TextProfileTests {
  @Test("Likeness is symmetric, 1 for the same words, 0 for none in common, and counts repetitions")
  func likeness() {
    let texts = ["one two three", "three two one", "one", "one one one one", "", "vier fünf", "ONE, two; three!"]
    for a in texts {
      for b in texts {
        let (first, second) = (TextProfile(a), TextProfile(b))
        #expect(first.similarity(to: second) == second.similarity(to: first))
        #expect((0...1).contains(first.similarity(to: second)))
      }
      #expect(TextProfile(a).similarity(to: TextProfile(a)) == 1)
    }
    #expect(TextProfile("one two three").similarity(to: TextProfile("ONE, two; three!")) == 1)
    #expect(TextProfile("one two three").similarity(to: TextProfile("three two one")) == 0.6)
    #expect(TextProfile("one").similarity(to: TextProfile("one one one one")) == 0.25)
    #expect(TextProfile("one two").similarity(to: TextProfile("vier fünf")) == 0)
  }

  @Test("Capitals of every script that has them are the same words")
  func capitals() {
    for (small, capital) in [
      ("straße übung", "straße ÜBUNG"), ("привет мир", "ПРИВЕТ МИР"), ("łódź żaba", "ŁÓDŹ ŻABA"),
      ("καλημερα", "ΚΑΛΗΜΕΡΑ"),
    ] {
      #expect(TextProfile(small).words == TextProfile(capital).words, "\(small)")
    }
  }

  @Test("Only so many words are looked at, all characters are counted")
  func bounds() {
    let profile = TextProfile(String(repeating: "word ", count: 10_000))
    #expect(profile.words.count == TextProfile.wordLimit)
    #expect(profile.characters == 50_000)
  }

  @Test(
    "The language of a plain paragraph is told",
    arguments: [
      (
        Language.english,
        "This is the answer that you have asked for, and it was not easy to find the right words for it."
      ),
      (
        .german, "Das ist die Antwort auf die Frage, und sie ist nicht ganz einfach, weil wir auch an den Preis denken."
      ),
      (
        .french,
        "C'est la réponse que vous avez demandée, et elle est dans le document qui se trouve sur le bureau avec les autres."
      ),
      (
        .spanish,
        "Esta es la respuesta que se espera para el cliente, y los datos están en la tabla como las otras, pero no más."
      ),
      (
        .portuguese,
        "Esta é a resposta para o cliente, mas os dados não estão na tabela como uma lista, e você também pode ver isso."
      ),
      (
        .italian,
        "Questa è la risposta per il cliente, ma i dati non sono nella tabella come una lista, anche se si può vedere di più."
      ),
      (
        .dutch,
        "Dit is het antwoord op de vraag, en het is niet eenvoudig, maar we hebben ook een lijst voor je van deze dingen."
      ),
      (
        .polish,
        "To jest odpowiedź na pytanie, które się pojawiło, i nie jest łatwo, ale dla klienta jest to ważne oraz możliwe przez to."
      ),
      (
        .swedish,
        "Det här är svaret på frågan, och det är inte enkelt, men vi har också en lista som du kan se med alla saker för att förstå."
      ),
      (
        .turkish,
        "Bu soru için cevap çok kolay değil ve daha sonra bir liste olarak gibi görünür, ancak bu da en iyi yol ve bir seçenek."
      ),
      (.cyrillic, "Это ответ на ваш вопрос, и он не так прост, как кажется на первый взгляд."),
      (.japanese, "これは質問への答えです。データは表の中にあります。"), (.chinese, "这是对您问题的回答，数据在表格中，请您查看。"),
      (.korean, "이것은 질문에 대한 답변이며 데이터는 표에 있습니다."),
      (.arabic, "هذا هو الجواب على سؤالك، والبيانات موجودة في الجدول أدناه."),
      (.hindi, "यह आपके प्रश्न का उत्तर है और डेटा तालिका में उपलब्ध है और आप देख सकते हैं।"),
      (.greek, "Αυτή είναι η απάντηση στην ερώτησή σας και τα δεδομένα βρίσκονται στον πίνακα."),
    ])
  func languages(language: Language, text: String) {
    #expect(TextProfile(text).language == language)
  }

  @Test(
    "Where the language is not plain, none is told",
    arguments: [
      "", "Ok", "42", "let x = try await foo(bar: baz) // returns nil", "Lima, Oslo, Berlin, Paris, Rome, Tokyo",
    ])
  func undecided(text: String) {
    #expect(TextProfile(text).language == nil)
  }
}
