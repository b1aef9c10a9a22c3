/// The one reading of the wall clock: from then on instants only follow monotonic time.

import NIOCore
import RolloutJudge

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct ProcessClock: Sendable {
  /// Wall clock minus monotonic clock, in nanoseconds.
  private let epoch: Int64

  init() {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let wall = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    epoch = wall - Int64(bitPattern: NIODeadline.now().uptimeNanoseconds)
  }

  var now: Instant { Instant(nanoseconds: epoch + Int64(bitPattern: NIODeadline.now().uptimeNanoseconds)) }
}
