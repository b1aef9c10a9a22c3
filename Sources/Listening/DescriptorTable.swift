/// The process's descriptors: how many it may have, how many it has, and room for them in the kernel's table before there
/// is traffic.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

package enum DescriptorTable {
  /// Raises the soft limit to the hard one.
  ///
  /// - Returns: the limit before and after; the same where it could not be raised.
  @discardableResult
  package static func raise() -> (from: Int, to: Int) {
    guard var limit = current else { return (fallback, fallback) }
    let before = limit.rlim_cur
    limit.rlim_cur = limit.rlim_max
    #if canImport(Glibc)
      let isRaised = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
    #else
      // Darwin takes no more than OPEN_MAX.
      limit.rlim_cur = min(limit.rlim_max, rlim_t(OPEN_MAX))
      let isRaised = limit.rlim_cur > before && setrlimit(RLIMIT_NOFILE, &limit) == 0
    #endif
    return (count(before), isRaised ? count(limit.rlim_cur) : count(before))
  }

  /// How many there may be.
  package static var limit: Int { current.map { count($0.rlim_cur) } ?? fallback }

  /// How many there are now; a guess where the system does not say.
  package static var open: Int {
    #if canImport(Glibc)
      let folder = "/proc/self/fd"
    #else
      let folder = "/dev/fd"
    #endif
    guard let entries = opendir(folder) else { return 64 }
    defer { closedir(entries) }
    var count = 0
    while readdir(entries) != nil { count += 1 }
    // `.`, `..` and the one that is reading.
    return max(0, count - 3)
  }

  /// Makes room before there is traffic: growing the kernel's table under several threads stops the one that needs it for
  /// ten milliseconds and more.
  ///
  /// - Parameter count: descriptors that will be enough, as far as the process may have them.
  package static func reserve(_ count: Int) {
    let highest = CInt(clamping: min(count, limit) - 1)
    guard highest > 0 else { return }
    let source = systemOpen("/dev/null", O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { return }
    // The table grows once, to hold this one, and never shrinks.
    let copy = fcntl(source, F_DUPFD_CLOEXEC, highest)
    if copy >= 0 { close(copy) }
    close(source)
  }

  private static func systemOpen(_ path: String, _ flags: CInt) -> CInt {
    #if canImport(Glibc)
      Glibc.open(path, flags)
    #else
      Darwin.open(path, flags)
    #endif
  }

  /// Where the system does not say.
  private static let fallback = 1024

  private static func count(_ limit: rlim_t) -> Int { Int(clamping: min(limit, rlim_t(CInt.max))) }

  private static var current: rlimit? {
    var limit = rlimit()
    #if canImport(Glibc)
      return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? limit : nil
    #else
      return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit : nil
    #endif
  }
}
