/// How one vendor makes pictures and videos: by jobs, which are created, asked after and fetched. A row of data.

/// A vendor's jobs, by what comes out of them.
package struct JobRow: Sendable, Equatable {
  /// Where it is asked, unless the playbook says otherwise.
  package var baseURL: String
  package var pictures: JobForm?
  package var videos: JobForm?

  package init(_ baseURL: String, pictures: JobForm? = nil, videos: JobForm? = nil) {
    self.baseURL = baseURL
    self.pictures = pictures
    self.videos = videos
  }
}

/// The words of one kind of job: how it is created, asked after and called off, and where its documents say what.
///
/// The words for its states are not here: no vendor's mean something else at another's (`JobReport.State`).
package struct JobForm: Sendable, Equatable {
  /// The path that a job is created at, with `{model}` for the arm's own id.
  package var submit: String
  package var headers: [Header]
  /// The member that the parameters are in; nil: they are the body.
  package var wrapper: String?
  /// Members of every body, as JSON, with `{model}` for the arm's own id in quotes.
  package var fixed: String
  package var names: MediaNames
  package var id: [JSONPath]
  package var poll: JobRequest
  /// Where the finished job's outputs are; nil: in the answer that says that it is finished.
  package var result: JobRequest?
  /// Nil: it cannot be called off.
  package var cancel: JobRequest?
  package var status: JSONPath
  /// A number that says, under a status of 200, whether that is one.
  package var code: Code?
  package var outputs: [JSONPath]
  package var error: [JSONPath]
  package var bill: Bill

  package struct Header: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package struct Code: Sendable, Equatable {
    package var path: JSONPath
    package var success: Int

    package init(_ path: JSONPath, success: Int) {
      self.path = path
      self.success = success
    }
  }

  /// Where it says what it has used.
  package struct Bill: Sendable, Equatable {
    /// Seconds on its machines, which are what it bills.
    package var seconds: JSONPath?
    /// Credits; none where the job failed.
    package var credits: JSONPath?
    /// USD.
    package var dollars: JSONPath?
    /// A header of the result with the units it bills, in small letters.
    package var unitsHeader: String?

    package init(
      seconds: JSONPath? = nil, credits: JSONPath? = nil, dollars: JSONPath? = nil, unitsHeader: String? = nil
    ) {
      self.seconds = seconds
      self.credits = credits
      self.dollars = dollars
      self.unitsHeader = unitsHeader
    }
  }

  package init(
    submit: String, headers: [Header] = [], wrapper: String? = nil, fixed: String = "", names: MediaNames,
    id: [JSONPath] = ["id"], poll: JobRequest, result: JobRequest? = nil, cancel: JobRequest? = nil,
    status: JSONPath = "status", code: Code? = nil, outputs: [JSONPath], error: [JSONPath], bill: Bill = Bill()
  ) {
    self.submit = submit
    self.headers = headers
    self.wrapper = wrapper
    self.fixed = fixed
    self.names = names
    self.id = id
    self.poll = poll
    self.result = result
    self.cancel = cancel
    self.status = status
    self.code = code
    self.outputs = outputs
    self.error = error
    self.bill = bill
  }
}

/// A request about a job that exists.
package struct JobRequest: Sendable, Equatable {
  package var method: String
  /// Where the job's own document gives the address. Only its path is used: a key is never sent to another host.
  package var link: JSONPath?
  /// The path where there is no such link, with `{id}`.
  package var path: String?
  /// With `{id}`, which is then in quotes; empty for none.
  package var body: String
  /// A part that every such link has: what has it not is no question after a job.
  package var mark: String

  package init(
    _ method: String = "GET", link: JSONPath? = nil, path: String? = nil, body: String = "", mark: String = ""
  ) {
    self.method = method
    self.link = link
    self.path = path
    self.body = body
    self.mark = mark
  }
}

/// A vendor's names for what is asked of it; nil: it has none, and a request that says so stays away.
package struct MediaNames: Sendable, Equatable {
  /// The model's; nil: it is in the path.
  package var model: String?
  package var prompt = "prompt"
  /// The pictures to begin with: a list, but for names that mean a single one.
  package var references: String?
  package var takesDataURLs = true
  package var aspect: String?
  /// `1K`, `2K`, `4K`.
  package var resolution: String?
  /// Width and height, with what stands between them.
  package var size: Size?
  package var count: String?
  package var seed: String?
  package var format: String?
  /// Seconds of a video.
  package var duration: String?
  /// It wants them in quotes.
  package var quotesDuration: Bool

  package struct Size: Sendable, Equatable {
    package var name: String
    package var separator: String

    package init(_ name: String, _ separator: String = "x") {
      self.name = name
      self.separator = separator
    }
  }

  package init(
    model: String? = nil, prompt: String = "prompt", references: String? = nil, takesDataURLs: Bool = true,
    aspect: String? = nil, resolution: String? = nil, size: Size? = nil, count: String? = nil, seed: String? = "seed",
    format: String? = nil, duration: String? = nil, quotesDuration: Bool = false
  ) {
    self.quotesDuration = quotesDuration
    self.model = model
    self.prompt = prompt
    self.references = references
    self.takesDataURLs = takesDataURLs
    self.aspect = aspect
    self.resolution = resolution
    self.size = size
    self.count = count
    self.seed = seed
    self.format = format
    self.duration = duration
  }
}
