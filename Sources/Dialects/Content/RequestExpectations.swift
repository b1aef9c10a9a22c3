/// The answer that a request declares it wants: the tools it offers, the form it asks for, what it works with.

package struct RequestExpectations: Sendable, Equatable {
  package var endpoint: Endpoint
  /// In the order of the request; at most `toolLimit`.
  package var tools: [DeclaredTool] = []
  package var format = OutputFormat.text
  package var modalities: Set<Modality> = []
  package var temperature: Double?
  /// More than one choice: then an application tells them apart by their index.
  package var asksForChoices = false

  package static let toolLimit = 256

  package struct DeclaredTool: Sendable, Equatable {
    package var name: String
    /// The JSON Schema of its arguments; nil where the request gives none.
    package var parameters: JSONTree?

    package init(name: String, parameters: JSONTree? = nil) {
      self.name = name
      self.parameters = parameters
    }
  }

  package enum OutputFormat: Sendable, Equatable {
    case text
    case jsonObject
    /// The schema is nil where the request names the form and forgets it.
    case jsonSchema(JSONTree?)
  }

  /// A kind of content that a request works with beside text.
  package enum Modality: String, Sendable, CaseIterable, Codable {
    case images, audio, files, video, reasoning
  }

  package init(endpoint: Endpoint) { self.endpoint = endpoint }

  /// The last of that name, nil where none is declared.
  package func tool(named name: String) -> DeclaredTool? { tools.last { $0.name == name } }

  package var asksForJSON: Bool { format != .text }
}
