/// A thread of its own for one piece of work that may hang.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

final class OwnThread: Sendable {
  fileprivate let body: @Sendable () -> Void

  private init(_ body: @escaping @Sendable () -> Void) { self.body = body }

  /// - Returns: false where the system has no thread to give.
  static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    let kept = Unmanaged.passRetained(OwnThread(body)).toOpaque()
    #if canImport(Glibc)
      var thread = pthread_t()
      let code = pthread_create(&thread, nil, runThread, kept)
    #else
      var thread: pthread_t!
      let code = pthread_create(&thread, nil, runThread, kept)
    #endif
    guard code == 0 else {
      Unmanaged<OwnThread>.fromOpaque(kept).release()
      return false
    }
    pthread_detach(thread)
    return true
  }
}

#if canImport(Glibc)
  private func runThread(_ kept: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let kept { Unmanaged<OwnThread>.fromOpaque(kept).takeRetainedValue().body() }
    return nil
  }
#else
  private func runThread(_ kept: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<OwnThread>.fromOpaque(kept).takeRetainedValue().body()
    return nil
  }
#endif
