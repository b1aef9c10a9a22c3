/// Where files are fetched from: hosts that only a vendor's documents name, and that are told nothing, no key above all.

import MediaJobs
import NIOCore
import RolloutJudge
import TrafficSplit

/// One per loop. An arm's files are on a handful of hosts; who names one after another gets no more of them.
final class MediaHosts {
  private unowned let loop: LoopState
  private var pools: [(key: Key, pool: UpstreamPool)] = []
  private static let limit = 16

  private struct Key: Equatable {
    var arm: ArmIndex
    var isForCopies: Bool
    var url: ArmURL
  }

  init(loop: LoopState) { self.loop = loop }

  var all: [UpstreamPool] { pools.map(\.pool) }

  /// - Parameter owner: the pool of the arm whose file it is.
  /// - Returns: nil where no vendor's file can be: on this machine or its network, unless the arm is there itself, or without
  ///   TLS while the arm has it.
  func pool(for place: MediaURL, of owner: UpstreamPool) -> UpstreamPool? {
    let arm = owner.target.arm
    let isLocal = MediaURL("http://\(arm.url.authority)/")?.isPrivate ?? false
    guard isLocal || place.isTLS && !place.isPrivate, !place.host.hasPrefix("169.254.") else { return nil }
    let url = ArmURL(isTLS: place.isTLS, host: place.host, port: place.port, basePath: "")
    let key = Key(arm: owner.target.index, isForCopies: owner.isForCopies, url: url)
    if let known = pools.first(where: { $0.key == key }) { return known.pool }
    var bare = Arm(name: arm.name, vendor: arm.vendor, url: url)
    bare.proxy = arm.proxy
    // A proxy looks names up itself, and stands on a private network more often than not.
    let ask = isLocal || arm.proxy != nil ? owner.target.addresses.ask : Self.publicOnly(owner.target.addresses.ask)
    let target = ArmTarget(index: owner.target.index, arm: bare, hasFiles: true, ask: ask)
    let pool = UpstreamPool(target: target, loop: loop, tls: loop.shared.tls, isForCopies: owner.isForCopies)
    if pools.count >= Self.limit { pools.removeFirst().pool.retire() }
    pools.append((key, pool))
    return pool
  }

  /// A public name may be given a private address by whoever owns it.
  private static func publicOnly(_ ask: @escaping ArmAddresses.Ask) -> ArmAddresses.Ask {
    { host, port, done in
      ask(host, port) { answer in
        done(
          answer.flatMap { addresses in
            let allowed = addresses.filter { !PrivateAddress.contains($0.ipAddress ?? "") }
            return allowed.isEmpty ? .failure(.failed("\(host) is on a private network")) : .success(allowed)
          })
      }
    }
  }
}

extension ByteBuffer {
  /// Nothing of the arm's own goes along.
  mutating func writeFileHead(_ place: MediaURL, _ target: ArmTarget) {
    writeString("GET \(place.path) HTTP/1.1\r\nHost: \(target.arm.url.authority)\r\n")
    writeStaticString("User-Agent: crossfade\r\nAccept: */*\r\nAccept-Encoding: identity\r\n\r\n")
  }
}

/// The jobs that a loop has under way.
struct OpenJobs {
  private var jobs: [ObjectIdentifier: JobCall] = [:]

  var all: [JobCall] { Array(jobs.values) }
  var isEmpty: Bool { jobs.isEmpty }

  mutating func insert(_ job: JobCall) { jobs[ObjectIdentifier(job)] = job }

  mutating func remove(_ job: JobCall) { jobs[ObjectIdentifier(job)] = nil }
}
