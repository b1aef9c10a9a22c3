/// The facts of one request body that routing, sticking and editing need: what the application asked for.

package struct RequestFacts: Sendable, Equatable {
  /// One member of the body's object. Duplicates are kept, each as its own member.
  package struct Member: Sendable, Equatable {
    package let key: String
    /// The bytes from the key's opening quote to the value's end.
    package let range: Range<Int>
    package let value: Range<Int>
  }

  /// A member without the text of its name, which is made only for those who ask.
  struct Place: Sendable, Equatable {
    var name: RequestName?
    /// The index in `otherKeys`, where there is no `name`.
    var other = 0
    /// With its quotes.
    let key: Range<Int>
    let value: Range<Int>
    /// The bytes from the key's opening quote to the value's end.
    var range: Range<Int> { key.lowerBound..<value.upperBound }
  }

  /// The body's own members in order.
  var places: [Place] = []
  /// Which members there are, whatever their values.
  package internal(set) var features = RequestFeatures()
  /// The keys that are no `RequestName`, decoded.
  var otherKeys: [String] = []
  /// Nil where `model` is absent or not a string.
  package internal(set) var model: String?
  package internal(set) var stream = false
  /// `stream_options.include_usage` is true.
  package internal(set) var includesUsage = false
  package internal(set) var sessionID: String?
  package internal(set) var promptCacheKey: String?
  /// `metadata.user_id`, where Claude Code names its session.
  package internal(set) var userID: String?
  /// The fields that the reader was asked for, by the name it was given; scalars as text, null and containers absent.
  package internal(set) var values: [String: String] = [:]
  /// Those fields that are lists or objects: each scalar of a list as text, and an empty text for each object, which is
  /// there and says nothing.
  package internal(set) var elements: [String: [String]] = [:]
  /// What messages hold beside what every arm knows of a message.
  package internal(set) var extras = MessageExtras()
  /// The things that the request asks for and not every arm may or can give.
  package internal(set) var traits: RequestTraits = []
  /// Credentials within members that are kept, each with the comma that is its own.
  var nestedSecrets: [Range<Int>] = []
  /// The raw bytes of `system` or `instructions`, without blocks at its start that change with every request; else of the
  /// first message if its role is `system` or `developer`.
  package internal(set) var systemMessage: Range<Int>?
  /// The raw bytes of the first message of another role, else of the whole `input` or `prompt`.
  package internal(set) var firstMessage: Range<Int>?
  /// The count of messages, from the first message on; 0 where there is no list of messages.
  package internal(set) var messageCount = 0
  /// `tools` or `functions` is an array with something in it.
  package internal(set) var hasTools = false
  /// `response_format` is a schema.
  package internal(set) var hasSchema = false
  /// More than one choice: `n` above 1, or a list of prompts. Only then does an application tell choices apart.
  package internal(set) var asksForChoices = false
  /// `n`; 1 where it is absent or makes no sense.
  package internal(set) var choiceCount = 1
  /// `background`: the response is made later, and asked for then.
  package internal(set) var runsInBackground = false
  /// The media that `modalities` names beside text.
  package internal(set) var media: AskedMedia = []
  /// `max_tokens`, `max_completion_tokens` or `max_output_tokens`.
  package internal(set) var maxTokens: Int?

  /// Two turns or more came before this one: by now a prompt cache could hold most of the conversation.
  package var isSteady: Bool { messageCount > 4 }

  func key(_ place: Place) -> String { place.name?.rawValue ?? otherKeys[place.other] }

  /// The last of several duplicates counts.
  func value(of field: FieldName) -> Range<Int>? {
    let place =
      if let name = field.name {
        places.last { $0.name == name }
      } else {
        otherKeys.isEmpty ? nil : places.last { $0.name == nil && otherKeys[$0.other] == field.text }
      }
    return place?.value
  }

  /// The texts of the body's own members that are named after credentials, decoded.
  package func credentials(in body: RawSpan) -> [String] {
    places.compactMap { place in
      guard place.name == nil, PrivateName.isCredential(otherKeys[place.other]),
        body.byte(at: place.value.lowerBound) == UInt8(ascii: "\"")
      else { return nil }
      return JSONText.decoded(body, place.value)
    }
  }

  /// The body's own members in order, with the text of their names.
  package var members: [Member] { places.map { Member(key: key($0), range: $0.range, value: $0.value) } }

  /// The names of the body's members, duplicates included.
  package var topLevelKeys: [String] { places.map(key) }

  /// Where each value of `model` is; more than one where the key is repeated.
  package var modelRanges: [Range<Int>] { places.filter { $0.name == .model }.map(\.value) }
}
