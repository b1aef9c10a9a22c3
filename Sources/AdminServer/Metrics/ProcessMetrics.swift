/// The process's own figures under the names that every Prometheus client gives them, read from the system at each scrape.

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

enum ProcessMetrics {
  /// Those that this system tells; on another than Linux there are none.
  static var families: [MetricFamily] {
    guard let stat = ProcessStat(text(of: "/proc/self/stat") ?? "") else { return [] }
    let ticks = Double(sysconf(CInt(_SC_CLK_TCK)))
    var families = [
      family("process_cpu_seconds_total", "CPU time of the process, user and system.", .counter, stat.ticks / ticks),
      family("process_virtual_memory_bytes", "Virtual memory of the process.", .gauge, stat.virtualBytes),
      family(
        "process_resident_memory_bytes", "Resident memory of the process.", .gauge,
        stat.residentPages * Double(sysconf(CInt(_SC_PAGESIZE)))),
      family("process_threads", "Threads of the process.", .gauge, stat.threads),
    ]
    if let boot = bootTime {
      families.append(
        family(
          "process_start_time_seconds", "When the process began, since 1970.", .gauge,
          boot + stat.startTicks / ticks))
    }
    if let open = openDescriptors {
      families.append(family("process_open_fds", "Descriptors that are open.", .gauge, Double(open)))
    }
    var limit = rlimit()
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    if getrlimit(resource, &limit) == 0 {
      families.append(family("process_max_fds", "Descriptors that may be open.", .gauge, Double(limit.rlim_cur)))
    }
    return families
  }

  private static func family(
    _ name: String, _ help: String, _ kind: MetricFamily.Kind, _ value: Double
  ) -> MetricFamily {
    MetricFamily(name: name, help: help, kind: kind, samples: [.init([:], value)])
  }

  private static var bootTime: Double? {
    let line = text(of: "/proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }
    return line.flatMap { Double($0.dropFirst("btime ".count)) }
  }

  private static var openDescriptors: Int? {
    guard let folder = opendir("/proc/self/fd") else { return nil }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    // Itself, its parent, and the folder that is being read.
    return max(0, count - 3)
  }

  /// At most 64 KiB of it.
  private static func text(of path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}

/// The fields of `/proc/PID/stat` that are shown (proc(5)).
struct ProcessStat: Equatable {
  /// Clock ticks, user and system.
  var ticks: Double
  var threads: Double
  /// Clock ticks after the machine's start.
  var startTicks: Double
  var virtualBytes: Double
  var residentPages: Double

  /// Nil where the text is of another form.
  init?(_ text: String) {
    // The program's name may hold anything, a closing bracket too.
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ").map { Double($0) }
    // From the third field on, the state, which is no number.
    func field(_ number: Int) -> Double? { number - 3 < fields.count ? fields[number - 3] : nil }
    guard let user = field(14), let system = field(15), let threads = field(20), let start = field(22),
      let virtual = field(23), let resident = field(24)
    else { return nil }
    self.ticks = user + system
    self.threads = threads
    startTicks = start
    virtualBytes = virtual
    residentPages = resident
  }
}
