/// Makes room for descriptors before there is traffic: growing the kernel's table under several threads stops the one that
/// needs it for ten milliseconds and more.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

enum DescriptorTable {
  /// - Parameter count: descriptors that will be enough, as far as the process may have them.
  static func reserve(_ count: Int) {
    var limit = rlimit()
    #if canImport(Glibc)
      let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
    #else
      let isKnown = getrlimit(RLIMIT_NOFILE, &limit) == 0
    #endif
    guard isKnown, limit.rlim_cur > 1 else { return }
    let highest = CInt(min(UInt64(count), UInt64(limit.rlim_cur)) - 1)
    let source = open("/dev/null", O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { return }
    // The table grows once, to hold this one, and never shrinks.
    let copy = fcntl(source, F_DUPFD_CLOEXEC, highest)
    if copy >= 0 { close(copy) }
    close(source)
  }
}
