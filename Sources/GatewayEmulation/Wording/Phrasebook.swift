/// The sentences that answers are put together from, in three languages; what is written `a|b|c_d` may be said either way.
struct Phrasebook: Sendable {
  /// One place in a sentence.
  struct Slot: Sendable, Equatable {
    /// The first is what is said without variety, and one word; the others mean the same in one word or more.
    var alternatives: [String]
  }

  let sentences: [[Slot]]
  /// The names that each of `kinds` in braces, such as `{thing}`, stands for.
  let names: [String: [String]]

  /// In the order in which they are drawn: a dictionary's own differs from process to process.
  static let kinds = ["thing", "person", "day", "place"]

  /// - Parameter sentences: words between spaces; `|` between alternatives, `_` for a space within one.
  private init(_ sentences: [String], _ names: [String: [String]]) {
    self.sentences = sentences.map { sentence in
      sentence.split(separator: " ").map { slot in
        // The full stop is every alternative's.
        let stop = slot.hasSuffix(".") ? "." : ""
        return Slot(
          alternatives: slot.dropLast(stop.count).split(separator: "|").map { alternative in
            String(alternative.map { $0 == "_" ? " " : $0 }) + stop
          })
      }
    }
    self.names = names
  }

  private static let people = ["Amara", "Björn", "Chloé", "Dmitri", "Elif", "Femi", "Inés", "Łukasz"]
  private static let places = ["Zürich", "Kraków", "Málaga", "Oslo", "Lagos", "東京", "Denver", "Perth"]

  static let english = Phrasebook(
    [
      "The|Your {thing} left|departed our|the {place} warehouse|depot on|last {day} and should|will reach|get_to you "
        + "soon|shortly.",
      "Please|Kindly check|verify the|your {thing} number before|ahead_of you call|phone us|our_desk again.",
      "We|Our_team already|just told|informed {person} about|of the problem|issue with|around your {thing}.",
      "Briefly,|In_short,|To_sum_up, the customer|client wants|would_like a|their refund|reimbursement for|on the "
        + "{thing} from {place}.",
      "{person} wrote|said that|how the {thing} is|was too|rather slow|sluggish when|whenever many|several people "
        + "use|share it.",
      "There|Currently_there are|remain no open|pending questions|points about|on the {thing} at the|this moment|time.",
      "You can|may cancel|return the|your {thing} until|up_to {day} without|with_no further|additional cost|charge.",
      "This|That happens|occurs because|since the {thing} in {place} was|got changed|updated|altered on|last {day}.",
      "It|That is|seems best|wise to keep|leave the {thing} as|just_as it is until {day} or|perhaps later.",
      "Thanks|Thank_you for your patience|understanding with|over the|this {thing} 🙂 and have a nice|lovely {day}.",
      "{person} and|plus the team|colleagues in {place} will|are_going_to look|have_a_look at|into the {thing} "
        + "tomorrow|on_{day}.",
      "The|This café|bistro in {place} was|is naïve|optimistic about|regarding the {thing} it ordered|bought for "
        + "{day}.",
      "If|Should_it_be_that the {thing} does not|still_not work,|run, please|kindly write|send_word to {person} in "
        + "{place}.",
      "My|Our advice|suggestion is|would_be to|that_you compare|weigh both|the_two offers for|of the {thing} "
        + "first|beforehand.",
    ],
    [
      "thing": [
        "order", "invoice", "parcel", "report", "contract", "ticket", "printer", "subscription", "booking", "account",
        "server", "lamp", "bicycle", "camera", "kettle", "passport",
      ],
      "person": people, "place": places,
      "day": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    ])

  static let french = Phrasebook(
    [
      "La|Votre {thing} est|a_été partie|envoyée de notre|du dépôt|magasin de {place} et|puis elle|celle-ci "
        + "arrivera|sera_là avant|d’ici {day}.",
      "Nous|Nos_collègues avons déjà|bien parlé|discuté avec {person} du problème|souci de|avec votre|cette {thing}.",
      "Il|Ici,_il n’y a|avait pas de|d’autres questions|points sur|pour la {thing} en|à ce moment.",
      "Vous pouvez|pourrez annuler|rendre cette|votre {thing} jusqu’à|avant {day} et|puis nous sommes d’accord|là pour "
        + "vous et|ou {person} sur|dans ce point|cas.",
      "Merci|Merci_beaucoup de votre|cette patience|compréhension pour|avec la|cette {thing} 🙂 et bonne journée.",
      "{person} et les|des collègues de {place} vont|iront regarder|voir la|cette {thing} dans|durant la matinée.",
    ],
    [
      "thing": ["commande", "facture", "lettre", "machine", "lampe", "réservation", "caméra", "voiture"],
      "person": people, "place": places,
      "day": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    ])

  static let german = Phrasebook(
    [
      "Die|Ihre {thing} ist|wurde am {day} aus unserem|dem Lager|Depot in {place} abgegangen|verschickt und|also "
        + "kommt|ist bald|demnächst an.",
      "Wir|Unsere_Leute haben schon|bereits mit {person} über das|dieses Problem|Übel mit der|Ihrer {thing} "
        + "gesprochen|geredet.",
      "Es|Hier gibt|bestehen zu|wegen der {thing} im|für_den Moment|Augenblick keine|nicht_mehr offenen Fragen|Punkte.",
      "Sie können|dürfen die|Ihre {thing} bis|noch_bis {day} ohne|frei_von weitere|zusätzliche Kosten|Gebühren "
        + "zurückgeben.",
      "Danke|Vielen_Dank für Ihre|die Geduld|Nachsicht mit|bei der {thing} 🙂 und einen schönen|guten {day}.",
      "{person} und die|unsere Kollegen|Leute in {place} werden sich|bald die {thing} morgen|heute ansehen|anschauen.",
    ],
    [
      "thing": ["Bestellung", "Rechnung", "Lieferung", "Maschine", "Lampe", "Buchung", "Kamera", "Urkunde"],
      "person": people, "place": places,
      "day": ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    ])

  /// The languages of an answer that is not in the language of the question.
  static let foreign = [french, german]
}
