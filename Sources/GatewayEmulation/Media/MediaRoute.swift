/// A path of a media vendor, and what a request to it does.

struct MediaRoute: Sendable, Equatable {
  enum Act: Sendable, Equatable {
    /// Begins a job.
    case create
    /// Makes the pictures and answers with them.
    case make
    case poll
    /// The output of a job whose state is asked for elsewhere.
    case result
    case cancel
    /// The bytes of the job's first file.
    case content
    /// Always the same document.
    case say(MediaReply)
  }

  struct Match: Sendable, Equatable {
    var id: String?
    /// What the path names: a model, an app.
    var model: String?
  }

  let method: String
  /// Segments; `<id>` is one, `<model>` is two or more.
  private let pattern: [String]
  let act: Act
  /// The body's field that names the job, where the path does not.
  let idField: String?
  /// Words of which one is in the model's name, where the path is not the route's alone; nil: any name.
  let models: [String]?

  init(_ method: String, _ path: String, _ act: Act, idField: String? = nil, models: [String]? = nil) {
    self.method = method
    self.models = models
    pattern = path.split(separator: "/").map(String.init)
    self.act = act
    self.idField = idField
  }

  /// - Parameter path: after the vendor's base path, without a leading slash.
  func match(_ method: String, _ path: Substring) -> Match? {
    guard method == self.method else { return nil }
    let segments = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard !segments.contains("") else { return nil }
    guard let gap = pattern.firstIndex(of: "<model>") else {
      return segments.count == pattern.count ? matched(zip(pattern, segments)) : nil
    }
    let after = pattern.count - gap - 1
    guard segments.count >= gap + after + 2 else { return nil }
    let names = segments[gap..<(segments.count - after)]
    let rest = segments[..<gap] + segments.suffix(after)
    var match = matched(zip(pattern[..<gap] + pattern.suffix(after), rest))
    match?.model = names.joined(separator: "/")
    return match
  }

  func takes(model: String?) -> Bool { models?.contains { model?.contains($0) ?? false } ?? true }

  private func matched(_ pairs: some Sequence<(String, String)>) -> Match? {
    var match = Match()
    for (expected, segment) in pairs {
      if expected == "<id>" {
        match.id = segment
      } else if expected != segment {
        return nil
      }
    }
    return match
  }
}

/// An answer of a vendor before its values are put in.
struct MediaReply: Sendable, Equatable {
  var status = 200
  var headers: [String: String] = [:]
  var template: String

  init(_ template: String, headers: [String: String] = [:]) {
    self.init(200, template, headers: headers)
  }

  init(_ status: Int, _ template: String, headers: [String: String] = [:]) {
    self.status = status
    self.template = template
    self.headers = headers
  }
}
