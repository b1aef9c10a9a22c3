/// The values that a job puts into its vendor's documents.

struct MediaValues {
  let job: EmulatedJob
  let service: MediaService
  let now: Duration
  /// Scheme and host of the addresses of jobs, and of files.
  let base: String
  let filesBase: String
  let state: JobState

  /// - Parameter isNew: the answer is a creation's, which says nothing of what has become of the job since.
  init(
    job: EmulatedJob, service: MediaService, now: Duration, base: String, filesBase: String? = nil, isNew: Bool = false
  ) {
    self.job = job
    self.service = service
    self.now = now
    self.base = base
    self.filesBase = filesBase ?? base
    state = isNew ? .queued : job.state(at: now)
  }

  func value(_ name: Substring) -> String? {
    switch name {
    case "base": base
    case "id": job.id
    case "model": job.model
    case "app": Self.app(job.model)
    case "status": service.words[state]
    case "progress": "\(job.progress(at: now))"
    case "position": "\(job.number % 3)"
    case "serial": "\(job.number)"
    case "epoch": "\(MediaInstant.epoch(job.createdAt))"
    case "created": MediaInstant.text(job.createdAt)
    case "started": MediaInstant.text(job.createdAt + job.takes / 4)
    case "completed": MediaInstant.text(job.createdAt + job.takes)
    case "predicted": Self.seconds(job.takes - job.takes / 4)
    case "total": Self.seconds(job.takes)
    case "millis": "\(Int(job.takes / .milliseconds(1)))"
    case "width": "\(job.asked.width)"
    case "height": "\(job.asked.height)"
    case "size": "\(job.asked.width)x\(job.asked.height)"
    case "count": "\(job.asked.count)"
    case "length": "\(job.asked.seconds)"
    case "kind": job.kind.rawValue
    case "prompt": "\"\(job.prompt)\""
    case "input": job.input
    default: output(name)
    }
  }

  private func output(_ name: Substring) -> String? {
    switch name {
    case "urls": "[\(addresses.map { "\"\($0)\"" }.joined(separator: ","))]"
    case "first": addresses.first.map { "\"\($0)\"" } ?? "null"
    case "outputs": service.outputs[job.kind].map { MediaTemplate.fill($0, value) } ?? ""
    case "items": "[\(items.joined(separator: ","))]"
    // Some models answer with one address, others with a list of them.
    case "output": isSingle ? value("first") : value("urls")
    case "units": "\(job.kind == .image ? job.asked.count : job.asked.seconds)"
    case "credits": "\(Double(job.kind == .image ? job.asked.count : job.asked.seconds) * 2.5)"
    case "cost": "\(Double(job.kind == .image ? job.asked.count : job.asked.seconds) * 0.04)"
    case "tokens": "\(max(1, job.prompt.utf8.count / 4))"
    case "made": "\(job.asked.count * 1290)"
    case "together": "\(max(1, job.prompt.utf8.count / 4) + job.asked.count * 1290)"
    default: nil
    }
  }

  private var isSingle: Bool {
    job.kind == .video || ["-pro", "-ultra", "banana", "seedream"].contains { job.model.contains($0) }
  }

  var addresses: [String] { state == .succeeded ? job.fileNames.map { "\(filesBase)/files/\($0)" } : [] }

  private var items: [String] {
    addresses.indices.map { index in
      MediaTemplate.fill(job.isEncoded ? service.encodedItem ?? service.item : service.item) {
        value($0) ?? item(index + 1, $0)
      }
    }
  }

  /// The values of one output, from 1.
  func item(_ number: Int, _ name: Substring) -> String? {
    switch name {
    case "url": addresses.indices.contains(number - 1) ? addresses[number - 1] : nil
    case "number": "\(number)"
    case "index": "\(number - 1)"
    case "type": job.kind == .image ? "image/png" : "video/mp4"
    case "base64": EmbeddingsAnswer.base64(Self.file(job, number))
    default: nil
    }
  }

  // MARK: What follows from a job alone

  static func file(_ job: EmulatedJob, _ number: Int) -> [UInt8] {
    let seed = RequestFields.hash(job.id.utf8) &+ UInt64(number)
    return job.kind == .image
      ? PictureFile.png(width: job.asked.width, height: job.asked.height, seed: seed)
      : MovieFile.mp4(seconds: job.asked.seconds, seed: seed)
  }

  /// fal.ai's app is the first two parts of an endpoint, three in a namespace.
  static func app(_ model: String) -> String {
    let parts = model.split(separator: "/")
    return parts.prefix(["workflows", "comfy"].contains(parts.first ?? "") ? 3 : 2).joined(separator: "/")
  }

  /// GUESS: names of models that make videos.
  static func kind(of model: String) -> MediaKind {
    let words = ["video", "veo", "kling", "seedance", "sora", "wan-", "wan/", "t2v", "i2v", "hailuo", "runway"]
    return words.contains { model.lowercased().contains($0) } ? .video : .image
  }

  private static func seconds(_ duration: Duration) -> String { "\((duration / .milliseconds(1)).rounded() / 1000)" }
}
