/// Assembles an answer from its whole body, whichever dialect it speaks and however it was cut into events.

extension AnswerContent {
  /// Alternatives, content blocks or embeddings that are told apart; what is above is passed over.
  static let indexLimit = 4_096

  /// - Parameters:
  ///   - endpoint: that was asked; it says which dialect the body speaks.
  ///   - status: of the answer's head.
  ///   - tellsChoicesApart: the request asked for several choices.
  ///   - body: decoded. Of one that is broken or cut there is what could be read: all whole events of a stream, nothing
  ///     of a JSON document.
  package init(endpoint: Endpoint, status: Int, tellsChoicesApart: Bool = false, body: RawSpan) {
    self.init()
    var reader = AnswerReader(
      endpoint: endpoint, status: status, format: .other, tellsChoicesApart: tellsChoicesApart)
    _ = reader.read(body)
    let facts = reader.end()
    var chat = ChatAssembly(endpoint: endpoint, tellsChoicesApart: tellsChoicesApart)
    var (responses, messages, pictures) = (ResponsesAssembly(), MessagesAssembly(), PicturesAssembly())
    var (found, seen): ([[Float]], FieldTree) = ([], FieldTree())
    AnswerDocuments.forEach(in: body, namedOnly: endpoint == .messages) { document, isWhole in
      seen.note(document)
      switch endpoint {
      case .chatCompletions, .completions: chat.read(document, isWhole: isWhole)
      case .responses: responses.read(document, isWhole: isWhole)
      case .messages: messages.read(document, isWhole: isWhole)
      case .embeddings: found = readEmbeddings(document) ?? found
      case .images: pictures.read(document, isWhole: isWhole)
      case .videos: break
      }
    }
    switch endpoint {
    case .chatCompletions, .completions: choices = chat.choices
    case .responses: choices = responses.choice(finishReason: facts.finishReason).map { [$0] } ?? []
    case .messages: choices = messages.choice(finishReason: facts.finishReason).map { [$0] } ?? []
    case .embeddings: embeddings = found
    case .images: choices = pictures.choice.map { [$0] } ?? []
    case .videos: break
    }
    for index in choices.indices { choices[index].joinHalves() }
    usage = facts.usage
    model = facts.model
    error = facts.error
    fields = seen.paths
  }
}

/// Things that come by index, in pieces and perhaps out of order.
struct IndexedParts<Part> {
  private var parts: [Int: Part] = [:]

  /// Nil where the index is negative or beyond `AnswerContent.indexLimit`.
  mutating func change(_ index: Int, orMake new: @autoclosure () -> Part, _ body: (inout Part) -> Void) {
    guard (0..<AnswerContent.indexLimit).contains(index) else { return }
    body(&parts[index, default: new()])
  }

  var inOrder: [Part] { parts.sorted { $0.key < $1.key }.map(\.value) }

  var isEmpty: Bool { parts.isEmpty }

  func holds(_ index: Int) -> Bool { parts[index] != nil }
}
